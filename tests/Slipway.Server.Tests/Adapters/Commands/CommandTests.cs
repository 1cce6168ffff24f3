using System.ComponentModel;
using System.Globalization;
using Slipway.Adapters.Commands;
using Slipway.Adapters.Processes;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Commands;

public sealed class CommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly CancellationTokenSource _guard = new(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        _guard.Dispose();
        _folder.Dispose();
    }

    Command Shell(string script) => new(["sh", "-c", script], _folder.Path)
    {
        Environment =
        [
            new("PATH", Environment.GetEnvironmentVariable("PATH")!),
            new("COLOUR", "blue"),
        ],
    };

    [Fact]
    public async Task It_tells_how_it_ended_and_what_was_said() =>
        (await Shell("echo out; echo err >&2; exit 3").Run(_guard.Token))
            .ShouldBe(new(3, "out\nerr") { Printed = "out" });

    [Fact]
    public async Task It_sees_its_folder_and_its_own_variables_and_none_of_ours()
    {
        var end = await Shell("pwd; echo $COLOUR; env | cut -d= -f1 | sort").Run(_guard.Token);
        end.Output.Split('\n').ShouldBe([_folder.Path, "blue", "COLOUR", "PATH", "PWD"]);
    }

    [Fact]
    public async Task Of_one_that_talks_a_lot_the_end_is_told()
    {
        var end = await Shell("seq 1000000").Run(_guard.Token);
        end.Output.Length.ShouldBeLessThanOrEqualTo(4_000);
        end.Output.ShouldEndWith("\n999999\n1000000");
    }

    [Fact]
    public async Task One_that_is_given_up_ends_with_all_that_it_has_started()
    {
        using var enough = new CancellationTokenSource();
        var path = _folder.File("child");
        var run = Shell($"sleep 1000 & echo $! >{path}.new; mv {path}.new {path}; wait").Run(enough.Token);
        await Until(() => File.Exists(path));
        var child = ProcessIdentity.Of(int.Parse(await File.ReadAllTextAsync(path), CultureInfo.InvariantCulture))!;
        await enough.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run);
        await Until(() => ProcessIdentity.Of(child.Pid) != child);
    }

    [Fact]
    public async Task What_it_has_left_running_ends_with_it_and_holds_its_answer_up_for_nothing()
    {
        var end = await Shell("sleep 1000 & echo $!; exit 3").Run(_guard.Token);
        end.Code.ShouldBe(3);
        var pid = int.Parse(end.Printed, CultureInfo.InvariantCulture);
        await Until(() => !IsSleeping(pid));
    }

    [Fact]
    public async Task What_has_left_its_session_is_not_waited_for()
    {
        var path = _folder.File("child");
        var end = await Shell($"setsid sh -c 'echo $$ >{path}.new; mv {path}.new {path}; exec sleep 1000' & "
            + $"while [ ! -e {path} ]; do :; done; echo 5").Run(_guard.Token);
        end.ShouldBe(new(0, "5") { Printed = "5" });
        var pid = int.Parse(await File.ReadAllTextAsync(path), CultureInfo.InvariantCulture);
        using var left = System.Diagnostics.Process.GetProcessById(pid);
        left.Kill();
    }

    static bool IsSleeping(int pid) => File.Exists($"/proc/{pid}/stat")
        && File.ReadAllText($"/proc/{pid}/stat") is var stat && stat.Contains("(sleep)", StringComparison.Ordinal)
        && !stat.Contains(") Z ", StringComparison.Ordinal);

    [Fact]
    public async Task A_program_that_is_not_there_is_an_error() =>
        await Should.ThrowAsync<Win32Exception>(
            () => new Command(["no-such-program"], _folder.Path).Run(_guard.Token));

    async Task Until(Func<bool> fact)
    {
        while (!fact())
        {
            _guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

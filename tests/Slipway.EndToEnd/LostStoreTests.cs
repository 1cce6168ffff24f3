using System.Diagnostics;
using Slipway.Support;

namespace Slipway.EndToEnd;

/// <summary>The whole of it while its store cannot be written, and afterwards.</summary>
public sealed class LostStoreTests
{
    [Fact]
    public async Task While_the_store_s_file_is_away_users_are_served_and_new_releases_refused_until_it_is_back()
    {
        await using var machine = new Machine("1.0", "1.1");
        await machine.Up();
        var file = Path.Combine(machine.Folder, ".slipway", "journal.db");
        await Heals(machine, "was deleted or replaced",
            () => File.Move(file, $"{file}.away"),
            () => File.Move($"{file}.away", file));
    }

    /// <summary>As the kernel answers once it has mounted a file system that fails for reading only.</summary>
    [FactNeeding("strace")]
    public async Task While_the_store_is_read_only_users_are_served_and_new_releases_refused_until_it_is_not()
    {
        await using var machine = new Machine("1.0", "1.1");
        var up = await machine.Up();
        var file = Path.Combine(machine.Folder, ".slipway", "journal.db-wal");
        using var strace = new Process
        {
            StartInfo = new("strace",
            [
                "-f", "-p", $"{up.Id}", "-o", "/dev/null", "-P", file,
                "-e", "trace=write,pwrite64", "-e", "inject=write,pwrite64:error=EROFS",
            ])
            {
                RedirectStandardError = true,
            },
        };
        await Heals(machine, "is mounted for reading only",
            () =>
            {
                strace.Start();
                strace.StandardError.ReadLine().ShouldNotBeNull().ShouldContain("attached");
            },
            () =>
            {
                using var kill = Process.Start("kill", ["-INT", $"{strace.Id}"]);
                strace.WaitForExit();
            });
    }

    static async Task Heals(Machine machine, string why, Action takeAway, Action giveBack)
    {
        (await machine.Run("deploy", "1.0")).Error.ShouldBe("");
        await using var users = new Users(machine.Listen);
        takeAway();
        try
        {
            var refused = await machine.Run("deploy", "1.1");
            refused.Code.ShouldBe(1, refused.Out);
            refused.Error.ShouldContain("The journal cannot be used now, so nothing new is begun");
            refused.Error.ShouldContain(why);
            (await machine.Run("status")).Out.ShouldContain("Nothing new can be begun");
        }
        finally
        {
            giveBack();
        }

        await machine.Until("a store that works again", service => service.Notice is null);
        (await machine.Run("status")).Out.ShouldNotContain("Nothing new can be begun");
        (await machine.Run("deploy", "1.1")).Error.ShouldBe("");
        await users.Stop();
        users.Failures.ShouldBeEmpty();
        users.Answers.Keys.Order(StringComparer.Ordinal).ShouldBe(["1.0", "1.1"]);
    }
}

using System.Diagnostics;
using Slipway.Machines.Load;
using Slipway.Routing;

namespace Slipway.EndToEnd.Load;

/// <summary>A gateway that is asked to end, as whoever runs a machine asks.</summary>
public sealed class EndedGatewayTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Longer than a program that is asked to end is usually given.</summary>
    static readonly TimeSpan LongerThanUsual = TimeSpan.FromSeconds(3);

    readonly Machine _machine = new();
    Street _street = null!;
    Process _gateway = null!;
    Line _client = null!;

    /// <summary>A request is under way whose body is not whole yet.</summary>
    public async Task InitializeAsync()
    {
        _gateway = await _machine.Succeed();
        _street = new(_machine.Gateway);
        await _street.Open(_machine.Listen);
        await _street.Route(new(Target.All(await _street.Grow(1, _machine.Folder))));
        _client = await Line.To(_machine.Listen, CancellationToken.None);
        await _client.Send("POST /digest HTTP/1.1\r\nHost: load\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
        (await _client.Head()).ShouldStartWith("HTTP/1.1 100 ");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _street.DisposeAsync();
        await _machine.DisposeAsync();
    }

    [Fact]
    public async Task It_waits_for_the_requests_that_it_has()
    {
        await AskToEnd();
        _gateway.WaitForExit(LongerThanUsual).ShouldBeFalse();
        await _client.Send("body");
        (await _client.Read()).Status.ShouldBe(200);
        await _gateway.WaitForExitAsync().WaitAsync(Patience);
        _gateway.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Asked_once_more_it_ends_at_once_and_says_so_to_those_who_wait()
    {
        await AskToEnd();
        Ask();
        var answer = await _client.Read();
        (answer.Status, answer.Closes, answer.Body).ShouldBe((503, true, "The gateway had to go: try again.\n"));
        answer.Head.ShouldContain("\r\nRetry-After: ");
        await _gateway.WaitForExitAsync().WaitAsync(Patience);
        _gateway.ExitCode.ShouldBe(0);
    }

    async Task AskToEnd()
    {
        Ask();
        while (await _gateway.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
            if (line.Contains("ends what is under way", StringComparison.Ordinal)) return;
        throw new InvalidOperationException("it has ended without a word");
    }

    void Ask()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_gateway.Id}"]);
        kill.WaitForExit();
    }
}

using System.Net.Sockets;
using Slipway.Gateway.Life;
using Slipway.Support;

namespace Slipway;

public sealed class GatewayKeeperTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whatever_was_started_ends_with_us_what_never_took_orders_too()
    {
        var failures = 0;
        var failedTwice = new TaskCompletionSource();
        await using var keeper = new GatewayKeeper(
            _folder.Path, ["sh", "-c", "echo $$ >> started; exec sleep 1000"], new HurriedClock(), said =>
            {
                if (said.Contains("cannot be started", StringComparison.Ordinal) && ++failures == 2)
                    failedTwice.SetResult();
            });
        await BesideOneThatAnswers(() => keeper.Start(CancellationToken.None));
        await failedTwice.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await keeper.End();

        var started = File.ReadAllLines(_folder.File("started"));
        started.Length.ShouldBeGreaterThanOrEqualTo(2);
        started.Where(pid => Directory.Exists($"/proc/{pid}")).ShouldBeEmpty();
    }

    /// <summary>A gateway that is there already, and is gone afterwards.</summary>
    async Task BesideOneThatAnswers(Func<Task> act)
    {
        var control = new GatewayFolder(_folder.Path).Control;
        using var door = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        door.Bind(new UnixDomainSocketEndPoint(control));
        door.Listen();
        await act();
        File.Delete(control);
    }

    /// <summary>Each look is a second later.</summary>
    sealed class HurriedClock : TimeProvider
    {
        long _looks;

        public override DateTimeOffset GetUtcNow() =>
            DateTimeOffset.UnixEpoch.AddSeconds(Interlocked.Increment(ref _looks));
    }
}

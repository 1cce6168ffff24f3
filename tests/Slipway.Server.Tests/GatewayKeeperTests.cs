using System.Net.Sockets;
using Slipway.Gateway.Life;
using Slipway.Support;

namespace Slipway;

public sealed class GatewayKeeperTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    GatewayFolder Gateway => new(_folder.Path);

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

    [Fact]
    public async Task One_that_is_about_to_answer_is_waited_for()
    {
        var clock = new HandClock();
        var gone = new TaskCompletionSource<Socket>();
        await using var keeper = new GatewayKeeper(_folder.Path, ["false"], clock, said => gone.TrySetException(
            new InvalidOperationException(said)));
        using var forHeir = Bound(Gateway.ForHeir());
        forHeir.Listen();
        await BesideOneThatAnswers(() => keeper.Start(CancellationToken.None));

        using var control = Bound(Gateway.Control);
        File.SetLastWriteTimeUtc(Gateway.Control, clock.Now.UtcDateTime);
        (await await Task.WhenAny(forHeir.AcceptAsync(), gone.Task)).Dispose(); // it looks, and finds nobody yet
        control.Listen();
        (await await Task.WhenAny(control.AcceptAsync(), gone.Task)).Dispose();
        gone.Task.IsCompleted.ShouldBeFalse();
    }

    /// <summary>A gateway that is there already, and is gone afterwards.</summary>
    async Task BesideOneThatAnswers(Func<Task> act)
    {
        using var door = Bound(Gateway.Control);
        door.Listen();
        await act();
        File.Delete(Gateway.Control);
    }

    static Socket Bound(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    /// <summary>Each look is a second later.</summary>
    sealed class HurriedClock : TimeProvider
    {
        long _looks;

        public override DateTimeOffset GetUtcNow() =>
            DateTimeOffset.UnixEpoch.AddSeconds(Interlocked.Increment(ref _looks));
    }
}

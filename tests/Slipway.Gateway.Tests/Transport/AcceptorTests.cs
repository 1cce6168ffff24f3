using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Gateway.Transport;

public sealed class AcceptorTests : IDisposable
{
    const int TooManyFiles = 24, Aborted = 103;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Loop _loop = new("acceptor", fault => throw fault);
    readonly Listener _listener = Listener.Bind(IPAddress.Loopback, 0);
    readonly ConcurrentQueue<int> _script = new();
    readonly ConcurrentQueue<int> _pauses = new();
    readonly TaskCompletionSource<int> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TcpClient _client = new();
    int _calls;

    public void Dispose()
    {
        _loop.Dispose();
        _client.Dispose();
        Native.Close(_listener.Fd);
    }

    [Fact]
    public async Task Without_a_descriptor_it_rests_and_then_takes_whoever_has_waited()
    {
        foreach (var _ in Enumerable.Range(0, 3)) _script.Enqueue(-TooManyFiles);
        Native.Close(await Accepted());
        _pauses.ShouldBe([TooManyFiles, TooManyFiles, TooManyFiles]);
        _calls.ShouldBe(4); // it has not tried meanwhile
    }

    [Fact]
    public async Task A_connection_that_was_over_before_it_was_taken_is_no_reason_to_rest()
    {
        _script.Enqueue(-Aborted);
        Native.Close(await Accepted());
        _pauses.ShouldBeEmpty();
    }

    async Task<int> Accepted()
    {
        var acceptor = new Acceptor(_loop, _listener, (fd, _) => _accepted.TrySetResult(fd))
        {
            Paused = _pauses.Enqueue,
            Take = address =>
            {
                // Who comes after the one that is awaited does not count.
                if (_accepted.Task.IsCompleted) return -Native.Again;
                _calls++;
                return _script.TryDequeue(out var scripted) ? scripted : Native.Accept(_listener.Fd, address);
            },
        };
        _loop.Start();
        _loop.Post(acceptor.Begin);
        await _client.ConnectAsync(IPAddress.Loopback, _listener.Port);
        return await _accepted.Task.WaitAsync(Patience);
    }
}

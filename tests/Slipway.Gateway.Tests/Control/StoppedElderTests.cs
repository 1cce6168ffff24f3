using System.Net.Sockets;
using Slipway.Gateway.Routing;
using Slipway.Support;

namespace Slipway.Gateway.Control;

/// <summary>A gateway whose place was taken, and that was stopped then: it has its door, and says nothing.</summary>
public sealed class StoppedElderTests : IDisposable
{
    const string Path = "/v1/sites/shop/table";

    readonly TemporaryFolder _folder = new();
    readonly Socket _door = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly HandClock _time = new();
    readonly List<string> _told = [];
    readonly Elder _elder;

    public StoppedElderTests()
    {
        _door.Bind(new UnixDomainSocketEndPoint(_folder.File("heir")));
        _door.Listen();
        _elder = new(_folder.File("heir"), Secret.ReadOrCreate(_folder.File("secret")), _time, TimeSpan.FromHours(1))
        {
            Process = 42,
            Tell = _told.Add,
        };
    }

    public void Dispose()
    {
        _elder.Dispose();
        _door.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task After_a_while_orders_hold_without_it_and_wait_at_its_door()
    {
        await Should.ThrowAsync<IOException>(Pass());
        _told.ShouldBeEmpty();
        _time.Now += TimeSpan.FromSeconds(10);
        await Pass();
        (await _elder.Drain(Path, new(new(1), null), CancellationToken.None)).ShouldBe(new DrainAnswer(true, 0));
        _told.ShouldHaveSingleItem().ShouldContain("process 42, does not answer: orders hold without it from now on");

        using var before = await _door.AcceptAsync();
        using var waiting = await _door.AcceptAsync();
        var head = new byte[1024];
        var length = await waiting.ReceiveAsync(head);
        System.Text.Encoding.ASCII.GetString(head, 0, length).ShouldStartWith($"PUT {Path} ");
    }

    [Fact]
    public async Task Whoever_gives_up_by_himself_has_not_been_kept_waiting()
    {
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Should.ThrowAsync<IOException>(_elder.Pass("PUT", Path, new SiteOptions(), impatient.Token));
        _time.Now += TimeSpan.FromSeconds(10);
        await Should.ThrowAsync<IOException>(Pass());
        _told.ShouldBeEmpty();
    }

    Task Pass() => _elder.Pass("PUT", Path, new SiteOptions(), CancellationToken.None);
}

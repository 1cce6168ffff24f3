using System.Collections.Concurrent;
using System.Net;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Routing;

namespace Slipway.Gateway.Forwarding;

/// <summary>A gateway with one service, real sockets on both sides.</summary>
sealed class Rig : IAsyncDisposable
{
    public const string Service = "shop";
    public static readonly Fleet Fleet = new(1);

    readonly ConcurrentQueue<Exception> _faults = new();
    long _since;

    public Rig(WireLimits? limits = null, int instances = 1, SiteOptions? options = null, int loops = 1)
    {
        Backends = [.. Enumerable.Range(0, instances).Select(_ => new Backend())];
        Sites.Put(Service, (options ?? new()) with { Listen = "here" });
        Tell();
        Route(RouteTo());
        Plane = new(Sites, limits, loops, _faults.Enqueue);
        Port = Plane.Listen(Sites.DoorOf("here"), new(IPAddress.Loopback, 0));
    }

    public Sites Sites { get; } = new(TimeProvider.System, new byte[32]);
    public DataPlane Plane { get; }
    public int Port { get; }
    public IReadOnlyList<Backend> Backends { get; }
    public Backend Backend => Backends[0];
    public Site Site => Sites.Find(Service)!;

    public static RouteTable RouteTo() => new(Target.All(Fleet));

    public void Route(RouteTable table) => Sites.Route(Service, table, ++_since);

    /// <summary>These are the members; all of the backends when none are named.</summary>
    public void Tell(params ReadOnlySpan<Backend> backends) => Sites.Tell(Service,
        [.. (backends.Length == 0 ? [.. Backends] : backends.ToArray()).Select(Member)]);

    public void TellNobody() => Sites.Tell(Service, []);

    public Task<Peer> Connect() => Peer.To(Port);

    public async Task<Peer> Connect(string request)
    {
        var client = await Connect();
        await client.Send(request);
        return client;
    }

    /// <summary>As long as a head may take: one that never comes whole tells when that is over.</summary>
    public async Task TimeHasPassed()
    {
        using var late = await Connect("GET");
        (await late.Answer()).Head.ShouldStartWith("HTTP/1.1 408 ");
    }

    public async ValueTask DisposeAsync()
    {
        await Plane.DisposeAsync();
        foreach (var backend in Backends) backend.Dispose();
        _faults.ShouldBeEmpty();
    }

    static Member Member(Backend backend) => new(Fleet, $"i{backend.Port}", "127.0.0.1", backend.Port);
}

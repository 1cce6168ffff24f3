using System.Net;
using System.Net.Sockets;
using Slipway.Adapters.Processes;
using Slipway.Gateway.Life;

namespace Slipway;

/// <summary>Somebody else has an address that is asked for: who, and what to do.</summary>
public sealed record TakenAddress(string What, string Advice);

/// <summary>Whether an address can be had, told before anything is started for it.</summary>
public static class Addresses
{
    const int Neighbours = 20;

    /// <param name="gateway">The folder of our own gateway, which may have it.</param>
    /// <param name="plane">Where the control plane is asked: users are served elsewhere.</param>
    public static TakenAddress? Problem(string listen, string gateway, IPEndPoint? plane = null)
    {
        if (PointOf(listen) is not { } point) return null;
        if (plane is not null && Meet(point, plane))
            return new($"{listen} is where the control plane itself is asked",
                "Choose another port for the service, or another --listen for the control plane.");
        if (Why(point) is not { } why) return null;
        // The control plane holds its gateway's sockets too.
        var owners = Listener.OwnersOf(point.Port);
        var own = new GatewayFolder(gateway).Process();
        if (owners.Any(one => one.Pid == Environment.ProcessId || one.Pid == own)) return null;
        var owner = owners.Count > 0 ? owners[0] : null;
        var free = Enumerable.Range(point.Port + 1, Neighbours)
            .FirstOrDefault(port => port <= IPEndPoint.MaxPort && Why(new(point.Address, port)) is null);
        var other = free > 0 ? $" {free} is free." : "";
        return owner is null
            ? new($"{listen} cannot be listened on: {why}", $"Choose another address.{other}")
            : new($"port {point.Port} is taken by another program: {owner.Name} (pid {owner.Pid})",
                $"Stop {owner.Name}, or choose another port.{other}");
    }

    /// <summary>Two ways to write one address.</summary>
    public static bool IsSame(string one, string other) => PointOf(one) is { } point ? point.Equals(PointOf(other))
        : string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    static string? Why(IPEndPoint point)
    {
        try
        {
            using var probe = new TcpListener(point);
            probe.Start();
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }

    static bool Meet(IPEndPoint one, IPEndPoint other) => one.Port == other.Port
        && (one.Address.Equals(other.Address) || IsEvery(one.Address) || IsEvery(other.Address));

    static bool IsEvery(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    static IPEndPoint? PointOf(string listen)
    {
        var text = listen.StartsWith("localhost:", StringComparison.Ordinal) ? $"127.0.0.1{listen[9..]}"
            : listen.StartsWith('*') || listen.StartsWith(':') ? $"0.0.0.0{listen[listen.IndexOf(':')..]}"
            : listen;
        return IPEndPoint.TryParse(text, out var point) && point.Port > 0 ? point : null;
    }
}

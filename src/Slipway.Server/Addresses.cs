using System.Net;
using System.Net.Sockets;
using Slipway.Adapters.Processes;

namespace Slipway;

/// <summary>Somebody else has an address that is asked for: who, and what to do.</summary>
public sealed record TakenAddress(string What, string Advice);

/// <summary>Whether an address can be had, told before anything is started for it.</summary>
public static class Addresses
{
    const int Neighbours = 20;

    /// <param name="gateway">The folder of our own gateway, which may have it.</param>
    public static TakenAddress? Problem(string listen, string gateway)
    {
        if (PointOf(listen) is not { } point || Why(point) is not { } why) return null;
        // The control plane holds its gateway's sockets too.
        var owners = Listener.OwnersOf(point.Port);
        if (owners.Any(one => IsOurs(one, gateway))) return null;
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

    static bool IsOurs(ProcessName owner, string gateway) => owner.Pid == Environment.ProcessId
        || owner.Words.Contains(Path.GetFullPath(gateway), StringComparer.Ordinal);

    static IPEndPoint? PointOf(string listen)
    {
        var text = listen.StartsWith("localhost:", StringComparison.Ordinal) ? $"127.0.0.1{listen[9..]}"
            : listen.StartsWith('*') || listen.StartsWith(':') ? $"0.0.0.0{listen[listen.IndexOf(':')..]}"
            : listen;
        return IPEndPoint.TryParse(text, out var point) && point.Port > 0 ? point : null;
    }
}

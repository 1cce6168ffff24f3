namespace Slipway.Bench.Gateways;

enum Wires { Clear, Tls, Http2 }

/// <summary>What is asked for, and by how many connections at once.</summary>
sealed record Case(string Name, Wires Wire, string Path, int Connections, int Streams = 1)
{
    const string Small = "/", Medium = "/files/16k", Large = "/files/1m";

    public static readonly IReadOnlyList<Case> All =
    [
        new("59-1", Wires.Clear, Small, 1),
        new("59-32", Wires.Clear, Small, 32),
        new("59-256", Wires.Clear, Small, 256),
        new("16k-32", Wires.Clear, Medium, 32),
        new("1m-32", Wires.Clear, Large, 32),
        new("tls-59-32", Wires.Tls, Small, 32),
        new("tls-16k-32", Wires.Tls, Medium, 32),
        new("h2-59", Wires.Http2, Small, 4, 16),
    ];
}

namespace Slipway.Gateway.Telemetry;

/// <summary>Users count; probes and copies for a shadow are counted apart.</summary>
public enum ExchangeKind { User, Probe, Shadow }

/// <summary>
/// How an exchange ended when it did not end with an answer of the instance. Where the gateway was full no instance has
/// heard of it, so it counts for no fleet.
/// </summary>
public enum Ending { Answered, ConnectFailed, TimedOut, Broken, ClientLeft, Full }

/// <summary>One request and what came of it, to be counted.</summary>
/// <param name="Status">What the client got; 0 when it got nothing.</param>
public readonly record struct Exchange(int Status, Ending Ending = Ending.Answered)
{
    /// <summary>From the whole head to the whole answer; of a stream, see <see cref="Streamed"/>.</summary>
    public long Microseconds { get; init; }
    public long BytesIn { get; init; }
    public long BytesOut { get; init; }

    /// <summary>An upgrade or an endless answer: counted, but its duration is no latency.</summary>
    public bool Streamed { get; init; }

    public ExchangeKind Kind { get; init; }
}

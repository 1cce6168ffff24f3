using Slipway.Gateway.Http;
using Slipway.Gateway.Http2;

namespace Slipway.Gateway.Telemetry;

/// <summary>What one loop counts apart from fleets. One writer; sums since the beginning.</summary>
public sealed class Tally
{
    readonly long[] _refusals = new long[Enum.GetValues<Refusal>().Length];

    readonly long[] _badAnswers = new long[Enum.GetValues<Refusal>().Length];

    readonly long[] _breaches = new long[Enum.GetValues<Breach>().Length];

    public long Accepted { get; internal set; }

    /// <summary>Connections that were turned away because there were too many.</summary>
    public long Full { get; internal set; }

    /// <summary>How often no descriptor was left, for a client or for the way to an instance.</summary>
    public long OutOfDescriptors { get; internal set; }
    public long Handshakes { get; internal set; }
    public long HandshakesFailed { get; internal set; }
    public long Requests { get; internal set; }

    /// <summary>Connections that spoke HTTP/2, and their streams.</summary>
    public long Trunks { get; internal set; }
    public long Streams { get; internal set; }

    /// <summary>Clients that were given up because they were too slow.</summary>
    public long Slow { get; internal set; }
    public long NobodyHere { get; internal set; }
    public long Held { get; internal set; }

    /// <summary>Connections that an error of the gateway itself has ended.</summary>
    public long Faults { get; internal set; }

    /// <summary>Answers that ended before their end.</summary>
    public long BrokenOff { get; internal set; }

    /// <summary>Upgrades that nobody has asked for, and more words before the answer than anybody says.</summary>
    public long Unasked { get; internal set; }
    public long Endless { get; internal set; }

    public long Of(Refusal refusal) => Volatile.Read(ref _refusals[(int)refusal]);

    public long Of(Breach breach) => Volatile.Read(ref _breaches[(int)breach]);

    /// <summary>What several loops have counted, by names that stay.</summary>
    internal static ConnectionStats Sum(IReadOnlyList<Tally> all)
    {
        NamedCount Of(string name, Func<Tally, long> count) => new(name, all.Sum(count));
        return new(
            [
                Of("accepted", tally => tally.Accepted),
                Of("turned away", tally => tally.Full),
                Of("out of descriptors", tally => tally.OutOfDescriptors),
                Of("tls agreed", tally => tally.Handshakes),
                Of("tls failed", tally => tally.HandshakesFailed),
                Of("http/2", tally => tally.Trunks),
                Of("http/2 stream", tally => tally.Streams),
                Of("too slow", tally => tally.Slow),
                Of("nobody here", tally => tally.NobodyHere),
                Of("held", tally => tally.Held),
                Of("fault of the gateway", tally => tally.Faults),
            ],
            [.. Enum.GetValues<Refusal>().Skip(1).Select(why => Of(why.Words(), tally => tally.Of(why)))],
            [.. Enum.GetValues<Breach>().Skip(1).Select(why => Of(why.Words(), tally => tally.Of(why)))])
        {
            BadAnswers =
            [
                Of("broke off", tally => tally.BrokenOff),
                Of("unasked upgrade", tally => tally.Unasked),
                Of("too many words before", tally => tally.Endless),
                .. Enum.GetValues<Refusal>()
                    .Select(why => Of(why.Words(), tally => Volatile.Read(ref tally._badAnswers[(int)why])))
                    .Where(one => one.Count > 0),
            ],
        };
    }

    /// <summary>An answer that breaks the rules which hold for both sides.</summary>
    internal void CountAnswer(Refusal refusal) => _badAnswers[(int)refusal]++;

    internal void Count(Breach breach) => _breaches[(int)breach]++;

    internal void Count(Refusal refusal) => _refusals[(int)refusal]++;
}

using Slipway.Gateway.Http;
using Slipway.Gateway.Http2;

namespace Slipway.Gateway.Forwarding;

/// <summary>What one loop counts apart from fleets. One writer; sums since the beginning.</summary>
public sealed class Tally
{
    readonly long[] _refusals = new long[Enum.GetValues<Refusal>().Length];

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
    public long Retried { get; internal set; }

    /// <summary>Connections that an error of the gateway itself has ended.</summary>
    public long Faults { get; internal set; }

    public long Of(Refusal refusal) => Volatile.Read(ref _refusals[(int)refusal]);

    public long Of(Breach breach) => Volatile.Read(ref _breaches[(int)breach]);

    internal void Count(Breach breach) => _breaches[(int)breach]++;

    internal void Count(Refusal refusal) => _refusals[(int)refusal]++;
}

using Slipway.Gateway.Telemetry;

namespace Slipway.Gateway.Routing;

/// <summary>
/// What one loop owns of routing and telemetry: its clock, its chance, its counters. Only its own thread writes here;
/// others read the counters.
/// </summary>
public sealed class Lane
{
    readonly TimeProvider _time;
    readonly byte[] _decoded = new byte[Limits.PatternInput];
    LaneSite?[] _sites = new LaneSite?[8];
    internal Chance Chance;

    internal Lane(int number, TimeProvider time, ulong seed)
    {
        (Number, _time, Chance) = (number, time, new(seed));
        Tick();
    }

    public int Number { get; }

    /// <summary>The time by the provider's timestamps, read once for each batch of events.</summary>
    public long Now { get; private set; }

    /// <summary>What is counted apart from services.</summary>
    public Tally Tally { get; } = new();

    /// <summary>What happens is written here, when there is an access log.</summary>
    public LogLines? Log { get; internal set; }

    internal DateTimeOffset Wall { get; private set; }
    internal uint Seconds { get; private set; }
    internal char[] Text { get; } = new char[Limits.PatternInput];

    /// <summary>Once before each batch of events.</summary>
    public void Tick()
    {
        Now = _time.GetTimestamp();
        Wall = _time.GetUtcNow();
        Seconds = (uint)Wall.ToUnixTimeSeconds();
    }

    internal LaneSite Of(Site site)
    {
        var sites = _sites;
        if (site.Slot < sites.Length && sites[site.Slot] is { } known && known.Site == site) return known;
        // Whoever asks for a site that was removed has no place among those that there are.
        return site.IsRemoved ? new(site) : Add(site);
    }

    /// <summary>For those who read: null when nothing of the site has come by here.</summary>
    internal LaneSite? Find(Site site)
    {
        var sites = Volatile.Read(ref _sites);
        var known = site.Slot < sites.Length ? Volatile.Read(ref sites[site.Slot]) : null;
        return known?.Site == site ? known : null;
    }

    LaneSite Add(Site site)
    {
        var sites = _sites;
        if (site.Slot >= sites.Length) Array.Resize(ref sites, Math.Max(site.Slot + 1, sites.Length * 2));
        var added = new LaneSite(site);
        Volatile.Write(ref sites[site.Slot], added);
        Volatile.Write(ref _sites, sites);
        return added;
    }

    /// <summary>A part of a query without its escapes; valid until the next call.</summary>
    internal ReadOnlySpan<byte> Decoded(ReadOnlySpan<byte> text)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var value = text[i];
            if (value == (byte)'+') value = (byte)' ';
            else if (value == (byte)'%' && i + 2 < text.Length && TryHex(text[i + 1], text[i + 2], out var escaped))
                (value, i) = (escaped, i + 2);
            _decoded[length++] = value;
        }

        return _decoded.AsSpan(0, length);
    }

    static bool TryHex(byte high, byte low, out byte value)
    {
        var (a, b) = (Digit(high), Digit(low));
        value = (byte)((a << 4) | (b & 15));
        return a >= 0 && b >= 0;
    }

    static int Digit(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };
}

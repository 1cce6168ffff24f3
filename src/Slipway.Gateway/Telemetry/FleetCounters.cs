using Slipway.Gates;
using Slipway.Gateway.Routing;
using Limits = Slipway.Gateway.Routing.Limits;

namespace Slipway.Gateway.Telemetry;

/// <summary>What one loop has counted of one fleet. One writer; readers may see it a request apart.</summary>
sealed class FleetCounters(FleetTraffic fleet)
{
    readonly RetryBudget _retries = new(fleet.Site.Time.GetTimestamp());

    public FleetTraffic Fleet => fleet;
    public Counts User { get; } = new();
    public Counts Shadow { get; } = new();

    /// <summary>By the route's number; the last holds all other routes.</summary>
    public Counts?[] Routes { get; } = new Counts?[Limits.Routes + 1];
    public long Probes { get; private set; }
    public long Retried { get; private set; }

    public void Record(in Exchange exchange, int route)
    {
        if (exchange.Kind == ExchangeKind.Probe)
        {
            Probes++;
            return;
        }

        var bin = BinOf(exchange);
        if (exchange.Kind == ExchangeKind.Shadow)
        {
            Shadow.Add(exchange, bin);
            return;
        }

        User.Add(exchange, bin);
        (Routes[route] ?? Begin(route)).Add(exchange, bin);
    }

    /// <summary>-1 for what has no latency: streams, and what nobody waited for to the end.</summary>
    static int BinOf(in Exchange exchange) => exchange.Streamed || exchange.Ending == Ending.ClientLeft
        ? -1
        : Histogram.Clamp(Histogram.BinOf(exchange.Microseconds / 1000.0)) - Histogram.LowestBin;

    Counts Begin(int route)
    {
        var begun = new Counts();
        Volatile.Write(ref Routes[route], begun);
        return begun;
    }

    public bool MayRetry(long now, long frequency) => _retries.Take(User.Requests, now, frequency);

    public void Retry(bool reached)
    {
        Retried++;
        if (!reached) User.FailedToConnect();
    }
}

/// <summary>Sums since the beginning; nothing is ever set back.</summary>
sealed class Counts
{
    readonly long[] _latency = new long[Histogram.Bins];
    readonly long[] _classes = new long[6];

    public long Requests { get; private set; }
    public long TimedOut { get; private set; }
    public long ConnectFailed { get; private set; }

    /// <summary>Bad answers of any kind; of these, no answer of the app at all.</summary>
    public long Errors { get; private set; }
    public long Unanswered { get; private set; }

    /// <summary>Clients that left before any answer: nobody's error, and no answer either.</summary>
    public long GivenUp { get; private set; }
    public long BytesIn { get; private set; }
    public long BytesOut { get; private set; }
    public ReadOnlySpan<long> Latency => _latency;

    /// <summary>By the first digit of the status; at 0 those that got none.</summary>
    public ReadOnlySpan<long> Classes => _classes;

    /// <summary>One that was answered elsewhere.</summary>
    public void FailedToConnect() => ConnectFailed++;

    public void Add(in Exchange exchange, int bin)
    {
        Requests++;
        var digit = exchange.Status / 100;
        _classes[digit is > 0 and < 6 ? digit : 0]++;
        BytesIn += exchange.BytesIn;
        BytesOut += exchange.BytesOut;
        if (exchange.Ending == Ending.TimedOut) TimedOut++;
        if (exchange.Ending == Ending.ConnectFailed) ConnectFailed++;
        if (exchange is { Ending: Ending.ClientLeft, Status: 0 }) GivenUp++;
        var none = exchange.Ending is Ending.TimedOut or Ending.ConnectFailed or Ending.Broken
            || exchange.Status is >= 502 and <= 504;
        if (none) Unanswered++;
        if (none || exchange.Status >= 500) Errors++;
        if (bin >= 0) _latency[bin]++;
    }

    /// <summary>What others have counted too; only for sums that nobody else writes to.</summary>
    public void Add(Counts other)
    {
        Requests += other.Requests;
        TimedOut += other.TimedOut;
        ConnectFailed += other.ConnectFailed;
        Errors += other.Errors;
        Unanswered += other.Unanswered;
        GivenUp += other.GivenUp;
        BytesIn += other.BytesIn;
        BytesOut += other.BytesOut;
        for (var i = 0; i < _classes.Length; i++) _classes[i] += other._classes[i];
        for (var i = 0; i < _latency.Length; i++) _latency[i] += other._latency[i];
    }
}

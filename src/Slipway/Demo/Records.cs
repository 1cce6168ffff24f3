namespace Slipway.Demo;

/// <summary>What one version has answered so far.</summary>
internal sealed record Tally
{
    public int Answers { get; init; }

    /// <summary>Those of them that were its own errors.</summary>
    public int Failures { get; init; }
    public DateTimeOffset? FirstFailure { get; init; }

    /// <summary>When the request was sent that is the latest among those it has answered.</summary>
    public DateTimeOffset Latest { get; init; }
    public double FailurePercent => Answers == 0 ? 0 : 100.0 * Failures / Answers;
}

/// <summary>The visitors' own book.</summary>
internal sealed class Records
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Tally> _tallies = new(StringComparer.Ordinal);
    readonly List<string> _lost = [];

    public Tally Of(string version)
    {
        lock (_lock) return _tallies.GetValueOrDefault(version) ?? new();
    }

    public IReadOnlyList<string> AllLost
    {
        get { lock (_lock) return [.. _lost]; }
    }

    public long Requests
    {
        get { lock (_lock) return _lost.Count + _tallies.Values.Sum(tally => (long)tally.Answers); }
    }

    public void Answered(string version, DateTimeOffset began)
    {
        lock (_lock) Count(version, began);
    }

    public void Failed(string version, DateTimeOffset began, DateTimeOffset now)
    {
        lock (_lock)
        {
            var tally = Count(version, began);
            _tallies[version] = tally with { Failures = tally.Failures + 1, FirstFailure = tally.FirstFailure ?? now };
        }
    }

    /// <summary>No answer, or none of a version of the shop: what a switch must never cause.</summary>
    public void Lost(string why)
    {
        lock (_lock) _lost.Add(why);
    }

    Tally Count(string version, DateTimeOffset began)
    {
        var tally = _tallies.GetValueOrDefault(version) ?? new();
        return _tallies[version] = tally with
        {
            Answers = tally.Answers + 1,
            Latest = began > tally.Latest ? began : tally.Latest,
        };
    }
}

using Slipway.Gates;

namespace Slipway.Adapters.Sources;

/// <summary>What both sides were answered; <paramref name="All"/> where events are counted.</summary>
sealed record Said(CustomValue Value, CustomValue? All = null)
{
    public string? Why => Value.Why ?? All?.Why;
}

/// <summary>What there is to judge by now.</summary>
readonly record struct News(CustomValue? Value, CustomCount? Counted);

/// <summary>
/// One question that is asked again and again, never a second time before the first is answered. A value that is
/// answered is handed out once, so that one look of a source is not taken for many; totals are handed out until the
/// source fails.
/// </summary>
sealed class Conversation(TimeProvider time, Action<string?> trouble)
{
    readonly Lock _gate = new();
    readonly Tally _candidate = new(), _stable = new();
    Task<Said>? _answer;
    long? _askedAt;
    string? _why;
    CustomCount? _counted;

    /// <summary>What has come since the last time; asks again when it is time to.</summary>
    public News Next(TimeSpan every, Func<Task<Said>> ask)
    {
        Said? come = null;
        lock (_gate)
        {
            if (_answer is { IsCompletedSuccessfully: true }) (come, _answer) = (_answer.Result, null);
            if (_answer is null && (_askedAt is not { } at || time.GetElapsedTime(at) >= every))
                (_askedAt, _answer) = (time.GetTimestamp(), Task.Run(ask));
            if (come is not null) _counted = Add(come);
        }

        if (come is not null && come.Why != _why) trouble(_why = come.Why);
        return new(come switch
        {
            null => null,
            { Why: { } why } => CustomValue.None(come.Value.Name, why),
            { All: null } => come.Value,
            _ => null,
        }, _counted);
    }

    CustomCount? Add(Said said)
    {
        if (said is not { Why: null, Value: var bad, All: { } all }) return null;
        _candidate.Add(new(bad.Candidate, all.Candidate));
        if (bad.Stable is { } stableBad && all.Stable is { } stableAll) _stable.Add(new(stableBad, stableAll));
        return new(bad.Name, _candidate.Total, bad.Stable is null ? null : _stable.Total);
    }
}

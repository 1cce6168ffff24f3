using Slipway.Decisions;
using Slipway.Gates;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Running;

/// <summary>
/// Feeds the judge of the release under way, and of the one before while it is still guarded. What it says is volatile;
/// its sums are journalled now and then, and a new life goes on from there.
/// </summary>
sealed class Gauge
{
    Judge? _judge;
    int _release = -1;
    Share _weight;
    Totals? _last;
    Seq<Reading> _readings = [];
    JudgeState? _state;
    DateTimeOffset _stateAt;

    /// <summary>What to ask the metric sources; null when nothing is judged now.</summary>
    public static MetricsQuery? QueryOf(Service s)
    {
        if (JudgedBy(s) is not { } judged || judged.Spec.Gates.Count == 0) return null;
        var control = s.Run is not null && s.Stable is { } stable && stable != judged.Fleet ? stable : (Fleet?)null;
        return new(s.Name, judged.Fleet, control, judged.Spec.Gates);
    }

    /// <summary>
    /// Keeps in step with the service: another release is another judge, a raised weight is told to it.
    /// </summary>
    public void Follow(Service s)
    {
        if (JudgedBy(s) is not { } judged)
        {
            (_judge, _release) = (null, -1);
            return;
        }

        if (_release != s.Releases)
        {
            var exact = judged.Spec.Traffic.Affinity is null;
            _judge = s.Evidence is { } evidence
                ? Judge.Restore(judged.Spec.Gates, judged.Spec.FalseAlarm, exact, evidence)
                : new Judge(judged.Spec.Gates, judged.Spec.FalseAlarm, exact);
            (_release, _last, _state, _weight) = (s.Releases, null, null, WeightOf(s, judged));
            _readings = _judge.Readings;
        }

        var weight = WeightOf(s, judged);
        if (weight > _weight) _judge?.Raise();
        _weight = weight;
    }

    /// <summary>The first reading only says where counting begins: what was before is nobody's evidence.</summary>
    public void Take(Totals totals, DateTimeOffset now)
    {
        if (_judge is null || _last is not { } last || totals == last with { Uptime = totals.Uptime })
        {
            _last = totals;
            return; // nobody has asked anything, so there is nothing new to say
        }

        _judge.Tick(totals.Since(last));
        (_last, _readings) = (totals, _judge.Readings);
        if (now - _stateAt < Mind.WeighEvery) return;
        (_state, _stateAt) = (_judge.Save(), now);
    }

    public Judgement? Says(Service s, DateTimeOffset now) => _judge is null
        ? null
        : new(_release, s.Run?.Entered ?? 0, _readings, _judge.RequestsInStep, _judge.Answering)
        {
            State = _state,
            At = now,
        };

    static Share WeightOf(Service s, Revision judged) => s.Want.Table.Value.ShareOf(judged.Fleet);

    static Revision? JudgedBy(Service s) => s switch
    {
        { Run: { Kind: RunKind.Deploy or RunKind.Restart, Mode: not Mode.Back } run } => s.RevisionOf(run.Candidate),
        { Run: null, Previous: { Guarded: true } } => s.StableRevision,
        _ => null,
    };
}

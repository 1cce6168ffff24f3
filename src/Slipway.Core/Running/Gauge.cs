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
    Fleet _fleet;
    long _countsFrom;
    Totals? _last;
    DateTimeOffset _lastAt;
    bool _asksElsewhere;
    Seq<Reading> _readings = [];
    JudgeState? _state;
    DateTimeOffset _stateAt;

    /// <summary>What to ask the metric sources; null when nothing is judged now.</summary>
    public static MetricsQuery? QueryOf(Service s, DateTimeOffset now)
    {
        if (JudgedBy(s, now) is not { } judged || judged.Spec.Gates.Count == 0) return null;
        var control = s.Run is not null && s.Stable is { } stable && stable != judged.Fleet ? stable : (Fleet?)null;
        return new(s.Name, judged.Fleet, control, judged.Spec.Gates);
    }

    /// <summary>
    /// Keeps in step with the service: another release is another judge, and what a new step may no longer count is
    /// told to it. True when it has something else to say now.
    /// </summary>
    public bool Follow(Service s, DateTimeOffset now)
    {
        if (JudgedBy(s, now) is not { } judged)
        {
            (_judge, _release) = (null, -1);
            return false;
        }

        if (_release != s.Releases || _fleet != judged.Fleet)
        {
            var exact = judged.Spec.Traffic.Affinity is null;
            _judge = s.Evidence is { } evidence
                ? Judge.Restore(judged.Spec.Gates, judged.Spec.FalseAlarm, exact, evidence)
                : new Judge(judged.Spec.Gates, judged.Spec.FalseAlarm, exact);
            (_release, _fleet) = (s.Releases, judged.Fleet);
            _asksElsewhere = judged.Spec.Gates.Any(gate => gate.Source is not null);
            (_last, _state, _countsFrom) = (null, null, s.EvidenceSince);
            _readings = _judge.Readings;
        }

        if (s.Run is not { } run || run.CountsFrom <= _countsFrom) return false;
        _judge!.Raise();
        // Sums from before the raise would bring back, after a crash, what counts no more.
        (_countsFrom, _readings, _state) = (run.CountsFrom, _judge.Readings, null);
        return true;
    }

    /// <summary>The first reading only says where counting begins: what was before is nobody's evidence.</summary>
    /// <param name="share">The candidate's share of the requests, see <see cref="Sample.Share"/>.</param>
    public void Take(Fleet fleet, Totals totals, DateTimeOffset now, double? share = null)
    {
        if (fleet != _fleet) return; // asked for when another one was judged
        var (before, since) = (_last, now - _lastAt);
        (_last, _lastAt) = (totals, now);
        // Of another epoch that began before our last reading nobody knows which part is new.
        if (_judge is null || before is null || (totals.Epoch != before.Epoch && totals.Uptime > since)) return;
        // Nobody has asked anything; but what another system says is of its time, whoever asks us.
        if (!_asksElsewhere && totals == before with { Uptime = totals.Uptime }) return;

        _judge.Tick(totals.Since(before) with { Share = share });
        _readings = _judge.Readings;
        if (now - _stateAt < Mind.WeighEvery) return;
        var sums = _judge.Save();
        _stateAt = now;
        // What no journal can write would only be in the way of everything else that is to be written.
        if (sums.Values.All(double.IsFinite)) _state = sums;
    }

    /// <summary>
    /// What part of the requests the fleet should get, where nothing but chance decides and every gateway agrees.
    /// </summary>
    public static double? ShareOf(Service s, Seen seen, Fleet fleet) =>
        seen.Table is { Value: { Rest: Target.Split { Other: not null }, Affinity: null } table } confirmed
        && table.Mirror is null && confirmed.Since >= s.Want.Table.Since && table.Rules.All(rule => rule.IsPreview)
            ? table.ShareOf(fleet).Fraction
            : null;

    public Judgement? Says(Service s, DateTimeOffset now) => _judge is null
        ? null
        : new(_release, s.Run?.Entered ?? 0, _readings, _judge.RequestsInStep, _judge.Answering)
        {
            State = _state,
            At = now,
            Measured = _judge.Measured,
        };

    static Revision? JudgedBy(Service s, DateTimeOffset now) => s switch
    {
        { Run: { Kind: RunKind.Deploy or RunKind.Restart, Mode: not Mode.Back } run } => s.RevisionOf(run.Candidate),
        { Run: null, Guard: { } guard } when now < guard.Until => s.StableRevision,
        _ => null,
    };
}

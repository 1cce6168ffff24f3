using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>What the gates find in the steps of a plan, and how soon.</summary>
sealed class ForecastFindings(Situation s, Seq<Stage> stages, Outlook outlook)
{
    /// <summary>A step shorter than this is not where harm is found: evidence goes on from step to step.</summary>
    static readonly TimeSpan Watchful = TimeSpan.FromMinutes(1);
    static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    /// <summary>What takes longer to find in a test of days is not what somebody plans for.</summary>
    static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    const int MostColumns = 4;

    readonly Foresight _foresight = new(s.Spec, outlook);
    readonly Seq<Harm> _harms = Harms.Of(s.Spec.Gates);

    /// <summary>A first deploy has nothing to compare with, and is exempt from the gates.</summary>
    bool Judged => !s.IsFirst && s.Spec.Gates.Count > 0;

    public Findings Table()
    {
        var all = Judged && _harms.Count > 0 ? Columns() : [];
        var columns = all.Count <= MostColumns ? all : Enumerable.Range(0, MostColumns)
            .Select(i => all[i * (all.Count - 1) / (MostColumns - 1)]).ToSeq();
        return new(outlook.RequestsPerSecond, outlook.TrafficFrom, columns,
            columns.Count == 0 ? [] : _harms.Select(harm => Row(harm, columns)).ToSeq())
        {
            AlsoWatched = s.Spec.Gates.Where(gate => Judged && !Foreseen.Contains(gate))
                .Select(gate => gate.Name).Distinct().ToSeq(),
            Shares = all.Select(column => column.Text).ToSeq(),
            AddsUp = columns.Count > 0 && stages.Any(stage => stage.Step is Step.Wait wait && wait.For < Watchful),
        };
    }

    IEnumerable<GateSpec> Foreseen => _harms.SelectMany(harm => harm.Sights).Select(sight => sight.Gate);

    /// <summary>The worst that is to be feared, in a few words beside the step.</summary>
    public string Watched(Stage stage)
    {
        if (!Judged || _harms.Count == 0 || !Sees(stage)) return "";
        if (stage.Step is Step.Ask { Question: Question.Approval }) return "the same, until somebody answers";
        if (stage.Step is not Step.Wait wait) return "";
        var column = ColumnOf(stage, wait);
        return string.Join(", ", new[] { HarmKind.Errors, HarmKind.Latency }
            .SelectMany(kind => _harms.Where(harm => harm.Kind == kind).Take(1))
            .Select(harm => (harm, After: After(harm, column)))
            .Where(found => found.After is not null)
            .Select(found => $"{found.harm.Name} in {Timing.Rounded(found.After!.Value)}"));
    }

    /// <summary>
    /// Failed requests until a version is found out that answers 5 % with an error; null when nothing watches errors.
    /// Evidence adds up over the steps, and goes on in the time that the old version is kept.
    /// </summary>
    public double? FailedRequests(Func<Stage, TimeSpan> takes)
    {
        const double Bad = .05;
        var harm = Harms.ErrorsAt(s.Spec.Gates, Bad);
        if (!Judged || harm.Sights.Count == 0) return null;
        var (proof, failed) = (0.0, 0.0);
        foreach (var stage in stages)
            if (IsFoundIn(takes(stage).TotalSeconds, stage.After.Table.Value)) return failed;
        if (stages[^1].Step is not Step.Settle) return failed;
        return IsFoundIn(s.Spec.KeepOld.TotalSeconds, stages[^1].After.Table.Value) ? failed : null;

        bool IsFoundIn(double seconds, RouteTable table)
        {
            var (share, mirror) = (table.ShareOf(s.Candidate), table.Mirror);
            var alone = mirror is not null || share == Share.All;
            var needs = _foresight.Find(harm, mirror?.Share ?? share, alone, HalfAnHour)?.TotalSeconds
                ?? double.PositiveInfinity;
            var missing = (1 - proof) * needs;
            failed += Math.Min(seconds, missing) * outlook.RequestsPerSecond * share.Fraction * Bad;
            proof += seconds / needs;
            return missing <= seconds && !double.IsInfinity(missing);
        }
    }

    public string When
    {
        get
        {
            if (!Judged) return "never";
            var waits = stages.Where(stage => stage.Step is Step.Wait && Sees(stage)).ToList();
            return Mirrored ? "on copies"
                : waits.Exists(IsEarly) ? "before 100 %"
                : waits.Count > 0 ? "on the way"
                : s.Spec.KeepOld > TimeSpan.Zero ? "afterwards"
                : "never";
        }
    }

    bool IsEarly(Stage stage) =>
        stage.Step is Step.Wait wait && wait.For >= Watchful && stage.Seen(s.Candidate) < Share.All;

    bool Sees(Stage stage) => stage.Seen(s.Candidate) > Share.None;

    Seq<FindingsColumn> Columns()
    {
        var all = stages.Where(stage => stage.Step is Step.Wait && Sees(stage))
            .Select(stage => ColumnOf(stage, (Step.Wait)stage.Step)).DistinctBy(column => column.Text).ToList();
        var partial = all.Where(column => column.Share < Share.All || Mirrored).ToList();
        if (partial.Count > 0) return partial.ToSeq();
        var watched = s.Spec.KeepOld < HalfAnHour ? s.Spec.KeepOld : HalfAnHour;
        return watched > TimeSpan.Zero ? [new("at 100 %", Share.All, watched)] : [];
    }

    bool Mirrored => stages.Any(stage => stage.After.Table.Value.Mirror is not null);

    FindingsColumn ColumnOf(Stage stage, Step.Wait wait)
    {
        var share = stage.Seen(s.Candidate);
        return new($"at {share}", share, wait.For < Watchful ? HalfAnHour : wait.For < AnHour ? wait.For : AnHour);
    }

    FindingsRow Row(Harm harm, Seq<FindingsColumn> columns) =>
        new(harm.Text, harm.Name, columns.Select(column => After(harm, column)).ToSeq());

    TimeSpan? After(Harm harm, FindingsColumn column) =>
        _foresight.Find(harm, column.Share, Mirrored || column.Share == Share.All, column.Within);
}

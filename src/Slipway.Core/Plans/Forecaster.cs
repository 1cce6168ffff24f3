using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>From a plan to its forecast: it is walked in the mind, and each step is asked what it costs.</summary>
public sealed class Forecaster
{
    readonly Situation _s;
    readonly Compiled _compiled;
    readonly Outlook _outlook;
    readonly Seq<Stage> _stages;
    readonly StepWords _words;
    readonly ForecastBack _back;
    readonly ForecastFindings _findings;

    Forecaster(Situation s, Compiled compiled, Outlook outlook)
    {
        (_s, _compiled, _outlook) = (s, compiled, outlook);
        _stages = Stage.Of(compiled.Steps, Stage.Begin(s));
        _words = new(s, outlook.StartUp + compiled.Budget.MinReady);
        _back = new(s, compiled, outlook);
        _findings = new(s, _stages, outlook);
    }

    /// <summary>The plan of a deploy; a strategy that cannot be is a <see cref="PlanException"/>.</summary>
    public static Forecast Deploy(Situation s, Outlook outlook) => Of(s, Compiler.Deploy(s), outlook);

    public static Forecast Of(Situation s, Compiled compiled, Outlook outlook) =>
        new Forecaster(s, compiled, outlook).Forecast();

    /// <summary>What PlanCheck has against the plan of a deploy.</summary>
    public static Seq<string> Problems(Situation s) => PlanCheck.Forward(
        Compiler.Deploy(s).Steps, Stage.Begin(s), new StepWords(s, TimeSpan.Zero).Name);

    /// <summary>The figures that strategies are compared by.</summary>
    internal static Compared Compare(Situation s, bool own, Outlook outlook)
    {
        var forecaster = new Forecaster(s, Compiler.Deploy(s), outlook);
        return new(StrategyNames.Of(s.Spec.Strategy), own)
        {
            Forecast = forecaster.Forecast(),
            FailedRequests = forecaster._findings.FailedRequests(forecaster.Scheduled),
            Judged = forecaster._findings.When,
        };
    }

    Forecast Forecast()
    {
        var backs = _stages.Select(_back.From).ToSeq();
        var rows = _stages.Select((stage, i) => Row(stage, backs[i])).ToSeq();
        var back = _back.Summary(_stages, backs);
        var downtime = Sum(_stages.Where(Holding), Scheduled);
        return new()
        {
            Service = _s.Spec.Service,
            Environment = _s.Spec.Environment,
            Strategy = StrategyNames.Of(_s),
            From = _s.StableRevision?.Version,
            To = _s.Revision.Version,
            Rows = rows,
            Tail = Tail(back),
            PeakInstances = Peak,
            Instances = Instances(),
            Downtime = downtime,
            HeldAtMost = Stage.HeldAtMost(_stages),
            Shortest = Sum(_stages, stage => stage.Least(_s, _compiled.Budget, _outlook)),
            Scheduled = Sum(_stages, Scheduled),
            WaitsFor = WaitsFor(),
            WithHaste = WithHaste(),
            Back = back,
            Who = Who(),
            Findings = _findings.Table(),
            Warnings = ForecastWarnings.Of(_s, _stages, _outlook, downtime),
            Notes = ForecastWarnings.Notes(_s, _stages),
        };
    }

    ForecastRow Row(Stage stage, TimeSpan back) => new(
        stage.Number, Kind(stage.Step), _words.Of(stage), Takes(stage), _words.Undo(stage), back)
    {
        Watched = _findings.Watched(stage),
        Share = stage.After.Table.Value.ShareOf(_s.Candidate),
        Instances = stage.Instances,
    };

    static string Kind(Step step) => step.GetType().Name.ToLowerInvariant();

    /// <summary>The old fleet stays warm: no step of the plan, and yet what somebody wants to know.</summary>
    ForecastRow? Tail(GoingBack back)
    {
        if (_s.IsFirst || _stages[^1].Step is not Step.Settle) return null;
        var old = _stages[^1].After.SizeOf(_s.Stable);
        if (old == 0) return null;
        var after = _s.Spec.KeepOld > TimeSpan.Zero ? $" after {Timing.Text(_s.Spec.KeepOld)}" : "";
        return new(_stages.Count + 1, "tail", $"Stop {_words.Name(_s.Stable)}{after}", Timing.Exactly(_s.Spec.KeepOld),
            $"~{Timing.Text(back.Later)} to start again", back.Later);
    }

    int Peak => _stages.Select(stage => stage.Instances).Append(Stage.Total(Stage.Begin(_s))).Max();

    string Instances()
    {
        if (_s.IsFirst) return $"{Peak}, none before";
        var begin = _stages[0].Before.SizeOf(_s.Stable);
        var most = $"{Peak} at most";
        var (old, young) = (_words.Name(_s.Stable), _words.Name(_s.Candidate));
        if (_compiled.Budget.Exclusive) return $"{most}: {old} has stopped before {young} starts";
        if (_stages.Any(stage => stage.After.SizeOf(_s.Stable) < begin))
            return $"{most}, {_stages.Min(stage => stage.Instances)} at least";
        var all = begin == 1 ? $"the one of {old} stays" : $"all {begin} of {old} stay";
        return _stages[^1].Step is Step.Settle
            ? $"{most}: {all} until {young} has settled"
            : $"{most}: {all}";
    }

    static bool Holding(Stage stage) => stage.After.Table.Value.Holds;

    Timing Takes(Stage stage) => stage.Takes(_s, _compiled.Budget, _outlook);

    TimeSpan Scheduled(Stage stage) => stage.Scheduled(_s, _compiled.Budget, _outlook);

    static TimeSpan Sum(IEnumerable<Stage> stages, Func<Stage, TimeSpan> time) =>
        stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + time(stage));

    Seq<string> WaitsFor()
    {
        var asked = _stages.Select(stage => stage.Step).OfType<Step.Ask>().Select(ask => ask.Question).ToList();
        var choices = asked.Count(question => question is Question.Approval { IsChoice: true });
        var approvals = asked.Count(question => question is Question.Approval) - choices;
        var starving = _stages.Count(stage => stage.Step is Step.Wait && Takes(stage).Is == Certainty.AtMost);
        return
        [
            .. Counted(approvals, "the approval", "approvals"),
            .. Counted(choices, "the choice", "choices"),
            .. Counted(asked.Count(question => question is Question.Hook), "the hook", "hooks"),
            .. Counted(asked.Count(question => question is Question.Webhook { Confirms: true }),
                "another system's yes", "yeses of other systems"),
            .. Counted(starving, "more traffic", "steps that lack traffic"),
        ];
    }

    static IEnumerable<string> Counted(int count, string one, string many) =>
        count == 0 ? [] : [count == 1 ? one : $"{count} {many}"];

    TimeSpan? WithHaste()
    {
        if (_s.IsFirst || _s.Spec.Gates.Count == 0) return null;
        if (_s.Spec.Strategy is not StrategySpec.Canary { Pace: Pace.Scheduled } canary) return null;
        var hasty = _s with { Spec = _s.Spec with { Strategy = canary with { Pace = Pace.Asap } } };
        var compiled = Compiler.Deploy(hasty);
        var stages = Stage.Of(compiled.Steps, Stage.Begin(hasty));
        return Sum(stages, stage => stage.Least(hasty, compiled.Budget, _outlook));
    }

    string? Who()
    {
        var rules = _s.Spec.Strategy switch
        {
            StrategySpec.Canary canary => canary.Rules,
            StrategySpec.AbTest test => test.Rules,
            _ => [],
        };
        if (_s.IsFirst || rules.Count == 0) return null;
        return string.Join("; ", rules.Select(rule => rule.To switch
        {
            Side.Candidate when rule.From > Share.None => $"{rule.Name} all from {rule.From} on",
            Side.Candidate => $"{rule.Name} all from the start",
            Side.Stable => $"{rule.Name} not before the end",
            _ => $"{rule.Name} last, with 100 %",
        }));
    }
}

using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Plans;

/// <summary>A step of a release under way, in the words that its plan was shown in.</summary>
public sealed record ToldStep(int Number, Step Step, string Text, Timing Takes);

/// <summary>Tells the plan of a release as `slipway plan` told it before.</summary>
public static class Telling
{
    public static Seq<ToldStep> Steps(Service service, Run run, Outlook outlook)
    {
        var situation = SituationOf(service, run);
        var words = new StepWords(situation, outlook.StartUp, fleet => service.RevisionOf(fleet).Version);
        return Stage.Of(run.Plan, BeginOf(run))
            .Select(stage => new ToldStep(
                stage.Number, stage.Step, words.Of(stage), stage.Takes(situation, run.Budget, outlook)))
            .ToSeq();
    }

    /// <summary>The fleet that served when the release began.</summary>
    public static Fleet? From(Run run) => run.Kind == RunKind.First ? null : run.Baseline.Fleets
        .Select(wanted => (Fleet?)wanted.Fleet)
        .FirstOrDefault(fleet => run.Baseline.Table.Value.ShareOf(fleet!.Value) > Share.None);

    static Situation SituationOf(Service service, Run run)
    {
        var revision = service.RevisionOf(run.Candidate);
        var from = From(run);
        return new(revision.Spec, revision, run.Release)
        {
            StableRevision = from is { } fleet ? service.RevisionOf(fleet) : null,
            StableSize = from is { } stable ? run.Baseline.SizeOf(stable) : 0,
            CandidateSize = run.Baseline.SizeOf(run.Candidate),
            Table = run.Baseline.Table.Value,
        };
    }

    /// <summary>
    /// Where a way back began is not remembered; that the candidate had traffic is enough to tell what it does.
    /// </summary>
    static World BeginOf(Run run) =>
        run.Mode == Mode.Back ? run.Baseline.With(new RouteTable(Target.All(run.Candidate)), 0) : run.Baseline;
}

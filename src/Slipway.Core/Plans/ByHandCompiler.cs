using System.Diagnostics;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>The steps as somebody wrote them, with roles in place of fleets.</summary>
static class ByHandCompiler
{
    public static Compiled Compile(Situation s, StrategySpec.ByHand spec)
    {
        var size = s.CandidateSize;
        var steps = new List<Step>();
        foreach (var step in spec.Steps)
        {
            if (step is HandStep.Scale scale)
            {
                var to = scale.Size.RoundedUp(s.Replicas);
                steps.Add(new Step.Scale(s.Candidate, size, to));
                size = to;
            }
            else steps.AddRange(Of(s, step, steps.OfType<Step.Shift>().LastOrDefault()?.Table));
        }

        return new(Budget.Beside(s.Replicas), [.. steps]);
    }

    static IEnumerable<Step> Of(Situation s, HandStep step, RouteTable? table) => step switch
    {
        HandStep.Shift x => [new Step.Shift(x.To == Share.All ? s.Settled : s.Split(x.To))],
        HandStep.Wait x => [new Step.Wait(x.For, IsSeen(s, table) ? s.Evidence(x.MinRequests) : 0)],
        HandStep.Check x => Check(s, x.Name, table is not null),
        HandStep.Approve x => [new Step.Ask(new Question.Approval("the next step", x.By, x.Timeout))],
        HandStep.Set x => [new Step.Set(Step.Set.Flag(x.Flag), x.To)],
        HandStep.Settle => [new Step.Settle(s.Candidate)],
        _ => throw new UnreachableException(),
    };

    /// <summary>Who gets no requests is not waited for to answer any.</summary>
    static bool IsSeen(Situation s, RouteTable? table) => table is not null && table.ShareOf(s.Candidate) > Share.None;

    /// <summary>A check needs the preview address; once traffic is split, the table has it already.</summary>
    static IEnumerable<Step> Check(Situation s, string name, bool routed)
    {
        var ask = new Step.Ask(Compiler.Check(s, name, ChecksNamed(s, name)));
        return routed ? [ask] : [new Step.Shift(s.Preview), ask];
    }

    static Seq<CheckSpec> ChecksNamed(Situation s, string name) => name switch
    {
        Promotion.Smoke when s.Spec.Checks.Smoke.Count > 0 => s.Spec.Checks.Smoke,
        "beforePromote" when s.Spec.Checks.BeforePromote.Count > 0 => s.Spec.Checks.BeforePromote,
        _ => throw new PlanException(
            $"A step checks \"{name}\", and there are no checks of that name: smoke and beforePromote can be asked."),
    };
}

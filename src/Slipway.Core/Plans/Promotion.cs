using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>What is asked before the candidate gets all the traffic: checks, and a person.</summary>
static class Promotion
{
    public const string Smoke = "smoke";

    /// <summary>What stands in the file, as questions, one after the other.</summary>
    public static IEnumerable<Step> Asked(Situation s, bool manual)
    {
        if (s.Spec.Checks.BeforePromote is { Count: > 0 } checks)
            yield return new Step.Ask(Compiler.Check(s, "before promotion", checks));
        if (Approval(s) is { } approval) yield return Approve(approval);
        else if (manual) yield return Approve(new ApprovalSpec());
    }

    /// <summary>
    /// Puts the questions before the first step that gives the candidate everything, unless its strategy has asked
    /// them already. People are asked while requests are answered: a plan that holds them asks before it begins to.
    /// </summary>
    public static Seq<Step> Guarded(Situation s, Seq<Step> steps)
    {
        var plan = steps.ToList();
        var last = plan.FindIndex(step => step is Step.Shift shift && shift.Table.ShareOf(s.Candidate) == Share.All);
        if (last < 0) return steps;

        var table = plan.Take(last).OfType<Step.Shift>().LastOrDefault()?.Table ?? s.Table;
        var hold = table.Holds ? plan.FindIndex(step => step is Step.Shift { Table.Holds: true }) : last;
        var asked = Missing(s, plan.Take(last)).ToSeq();
        var checks = asked.Where(step => step is Step.Ask { Question: Question.Check }).ToSeq();
        return
        [
            .. plan.Take(hold),
            .. hold < last ? asked.Where(step => !checks.Contains(step)) : [],
            .. plan.Skip(hold).Take(last - hold),
            .. checks.Count > 0 && !Previews(s, table) ? [new Step.Shift(s.Previewed(table))] : Array.Empty<Step>(),
            .. hold < last ? checks : asked,
            .. plan.Skip(last),
        ];
    }

    /// <summary>Steps by hand may ask the same at a place of their own.</summary>
    static IEnumerable<Step> Missing(Situation s, IEnumerable<Step> before)
    {
        var there = before.OfType<Step.Ask>().Select(ask => ask.Question).ToList();
        return Asked(s, manual: false).Where(step => !there.Exists(one => (one, ((Step.Ask)step).Question) switch
        {
            (Question.Approval a, Question.Approval b) => a.By.Equals(b.By),
            (Question.Check a, Question.Check b) => a.Name != Smoke && a.All.Equals(b.All),
            _ => false,
        }));
    }

    static ApprovalSpec? Approval(Situation s) =>
        s.Spec.Checks.Approval is { Before: ApprovalBefore.Promote } approval ? approval : null;

    static Step.Ask Approve(ApprovalSpec approval) =>
        new(new Question.Approval("promotion", approval.By, approval.Timeout));

    static bool Previews(Situation s, RouteTable table) =>
        table.Rules.Any(rule => rule.IsPreview && rule.Target.WeightOf(s.Candidate) > Share.None);
}

using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>
/// Asks other systems at their moments of a release, whatever its plan: in one place for every strategy. What may take
/// hours is asked before requests are held, so that nobody waits for another system's yes.
/// </summary>
sealed class Moments
{
    readonly Situation _s;
    readonly List<Step> _plan = [];
    RouteTable _table;
    int _held;
    bool _prepared, _met, _promoted;

    Moments(Situation s) => (_s, _table) = (s, s.Table);

    public static Seq<Step> Asked(Situation s, Seq<Step> plan)
    {
        if (s.Spec.Checks.Webhooks.Count == 0) return plan;
        var moments = new Moments(s);
        moments.Ask(WebhookMoment.ConfirmRollout);
        foreach (var step in plan) moments.Take(step);
        return moments._plan.ToSeq();
    }

    void Take(Step step)
    {
        if (step is Step.Shift shift) Shift(shift.Table);
        if (step is Step.Wait && _met) Ask(WebhookMoment.Rollout);
        _plan.Add(step);
    }

    void Shift(RouteTable next)
    {
        if (next.Holds && !_table.Holds) _held = _plan.Count;
        if (Meets(next) && !_prepared)
        {
            if (Of(WebhookMoment.PreRollout).Any() && !Previews(_table))
                _plan.Add(new Step.Shift(_s.Previewed(_table)));
            Ask(WebhookMoment.PreRollout);
            _prepared = true;
        }

        if (next.ShareOf(_s.Candidate) > _table.ShareOf(_s.Candidate)) Confirm(WebhookMoment.ConfirmTrafficIncrease);
        if (next.ShareOf(_s.Candidate) == Share.All && !_promoted) Confirm(WebhookMoment.ConfirmPromotion);
        _promoted |= next.ShareOf(_s.Candidate) == Share.All;
        _met = Meets(next);
        _table = next;
    }

    void Ask(WebhookMoment moment) => _plan.AddRange(Of(moment));

    void Confirm(WebhookMoment moment)
    {
        var asked = Of(moment).ToList();
        _plan.InsertRange(_table.Holds ? _held : _plan.Count, asked);
        _held += asked.Count;
    }

    IEnumerable<Step> Of(WebhookMoment moment) => _s.Spec.Checks.Webhooks.Where(webhook => webhook.At == moment)
        .Select(webhook => new Step.Ask(new Question.Webhook(webhook, _s.Candidate)));

    /// <summary>Users, or copies of what they ask, reach the candidate.</summary>
    bool Meets(RouteTable table) => table.ShowsUsers(_s.Candidate) || table.Mirror?.To == _s.Candidate;

    bool Previews(RouteTable table) =>
        table.Rules.Any(rule => rule.IsPreview && rule.Target.WeightOf(_s.Candidate) > Share.None);
}

using System.Diagnostics;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>Steps as sentences, and what takes each of them back.</summary>
sealed class StepWords(Situation s, TimeSpan startUp, Func<Fleet, string>? versionOf = null)
{
    const string Nothing = "-";

    readonly bool _sameVersion =
        s.StableRevision is { } stable && stable.Version == s.Revision.Version && stable.Fleet != s.Candidate;

    string Candidate => Name(s.Candidate);

    public string Name(Fleet fleet)
    {
        var version = fleet == s.Candidate ? s.Revision.Version
            : fleet == s.StableRevision?.Fleet ? s.StableRevision.Version
            : versionOf?.Invoke(fleet) ?? $"{fleet}";
        return !_sameVersion ? version : fleet == s.Candidate ? $"the new {version}" : $"the old {version}";
    }

    public string Of(Stage stage) => stage.Step switch
    {
        Step.Scale x => Scale(x),
        Step.Shift x => Shift(stage.Before.Table.Value, x.Table),
        Step.Wait x => $"Watch for {Timing.Text(x.For)}",
        Step.Ask x => Ask(x.Question),
        Step.Set x => x.Value is { } value ? $"Set {x.Name} to {value}" : $"Unset {x.Name}",
        Step.Settle x => $"Settle: {Name(x.Fleet)} is the version to come back to",
        _ => throw new UnreachableException(),
    };

    public string Undo(Stage stage) => stage.Step switch
    {
        Step.Scale { From: var from, To: var to } when to > from => to - from == 1 ? "stop it" : "stop them",
        Step.Scale x when x.To < x.From && x.Fleet != s.Candidate =>
            $"start again, {Timing.About(startUp)}",
        Step.Shift x => Back(stage.Before.Table.Value, x.Table),
        Step.Ask { Question: Question.Hook { Undo: { Count: > 0 } undo } } => string.Join(' ', undo),
        Step.Set x => stage.Before.SettingOf(x.Name) is { } value ? $"to {value}, at once" : "unset it, at once",
        Step.Settle => s.IsFirst ? Nothing : "slipway undo",
        _ => Nothing,
    };

    string Scale(Step.Scale x)
    {
        var (name, change) = (Name(x.Fleet), Math.Abs(x.To - x.From));
        if (x.To == x.From) return $"Keep {x.To} of {name} running";
        if (x.Grows && x.From == 0) return $"Launch {change} {(change == 1 ? "instance" : "instances")} of {name}";
        if (x.Grows) return $"Launch {change} more of {name}, {x.To} in all";
        if (x.To > 0) return $"Stop {change} of {name}, {x.To} left";
        var rest = x.Fleet != s.Candidate && x.From < s.StableSize;
        if (rest || x.From == 1) return $"Stop {change} of {name}, none left";
        return change == 2 ? $"Stop both of {name}" : $"Stop all {change} of {name}";
    }

    string Shift(RouteTable was, RouteTable now)
    {
        if (now.Holds && !was.Holds) return "Hold requests";
        if (now.Mirror is { } mirror && was.Mirror is null)
            return $"Mirror {mirror.Share} of {Methods(mirror)} to {Candidate}";
        if (now.Mirror is null && was.Mirror is not null) return $"Stop mirroring to {Candidate}";
        var (from, to) = (was.ShareOf(s.Candidate), now.ShareOf(s.Candidate));
        var more = Apart(now).Except(Apart(was)).ToList();
        if (from != to || more.Count > 0)
            return $"Route {string.Join(", ", more.Prepend($"{to}").SkipLast(more.Count > 0 ? 1 : 0))}"
                + (more.Count > 0 ? $" and {more[^1]}" : "") + $" to {Candidate}";
        return OpensPreview(was, now) ? $"Open the preview address of {Candidate}" : "Renew the route";
    }

    static string Methods(Mirror mirror) =>
        mirror.Methods.Count == 0 ? "all requests" : string.Join(", ", mirror.Methods);

    string Back(RouteTable was, RouteTable now)
    {
        if (now.Holds && !was.Holds) return "let them in, at once";
        if (now.Mirror is not null && was.Mirror is null) return "stop it, at once";
        if (was.Mirror is not null) return Nothing;
        var (from, to) = (was.ShareOf(s.Candidate), now.ShareOf(s.Candidate));
        if (OpensPreview(was, now) && from == to && !Apart(now).Except(Apart(was)).Any()) return "close it, at once";
        if (was.Holds) return "hold again, at once";
        return to >= from ? $"to {from}, at once" : Nothing;
    }

    /// <summary>Those who see the candidate whatever its share is.</summary>
    IEnumerable<string> Apart(RouteTable table) => table.Rules
        .Where(rule => !IsPreview(rule) && rule.Target.WeightOf(s.Candidate) == Share.All).Select(rule => rule.Name);

    bool OpensPreview(RouteTable was, RouteTable now) =>
        now.Rules.Any(rule => IsPreview(rule) && rule.Target.WeightOf(s.Candidate) > Share.None)
        && !was.Rules.Any(rule => IsPreview(rule) && rule.Target.WeightOf(s.Candidate) > Share.None);

    static bool IsPreview(Rule rule) => rule.Name.StartsWith("preview ", StringComparison.Ordinal);

    static string MomentOf(WebhookMoment moment) => moment switch
    {
        WebhookMoment.ConfirmRollout => "may it begin?",
        WebhookMoment.PreRollout => "is it fit for users?",
        WebhookMoment.Rollout => "is it well so far?",
        WebhookMoment.ConfirmTrafficIncrease => "may it get more traffic?",
        WebhookMoment.ConfirmPromotion => "may it be promoted?",
        _ => throw new UnreachableException(),
    };

    string Ask(Question question) => question switch
    {
        Question.Check x => $"Check {x.Name}: {string.Join(", ", x.All)}",
        Question.Hook x => $"Run hook {x.Moment}: {string.Join(' ', x.Run)}",
        Question.Approval { IsChoice: true } => $"Ask which stays: {Candidate} or {Name(s.Stable)}",
        Question.Approval { By.Count: 0 } => "Ask for approval: anybody",
        Question.Approval x => $"Ask for approval: {string.Join(", ", x.By)}",
        Question.Verify => "Verify that it helped",
        Question.Webhook x => $"Ask {x.Spec.Url}: {MomentOf(x.Spec.At)}",
        _ => throw new UnreachableException(),
    };
}

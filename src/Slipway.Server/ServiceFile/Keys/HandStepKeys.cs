using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class HandStepKeys
{
    static readonly MapShape<HandStep.Wait> Wait = new MapShape<HandStep.Wait>("wait", new(TimeSpan.Zero))
        .Must("for", Durations.Some, "How long.", (wait, time) => wait with { For = time })
        .Key("minRequests", Numbers.Whole(0, Limits.Requests),
            "Requests that the candidate must have answered before it ends.",
            (wait, count) => wait with { MinRequests = count }, "100");

    static readonly MapShape<HandStep.Approve> Approve = new MapShape<HandStep.Approve>("approve",
        new([], Defaults.ApprovalTimeout))
        .Key("by", Lists.OneOrMore(Texts.Any), "Who may answer; none named means anybody.",
            (approve, by) => approve with { By = by }, "[]")
        .Key("timeout", Durations.Some, "How long the release waits for an answer before it goes back.",
            (approve, time) => approve with { Timeout = time }, "24h");

    static readonly MapShape<HandStep.Set> Set = new MapShape<HandStep.Set>("set", new("", ""))
        .Must("flag", Texts.Any, "The key of the flag.", (set, flag) => set with { Flag = flag })
        .Must("to", Texts.Any, "The variant that it gets, like on.", (set, to) => set with { To = to });

    static readonly MapShape<HandStep> Step = new MapShape<HandStep>("step", null!)
        .Key("scale", Percentages.Instances, "How many instances of the candidate there are.",
            (_, size) => new HandStep.Scale(size))
        .Key("shift", Percentages.Share, "The share of the traffic that the candidate gets.",
            (_, share) => new HandStep.Shift(share))
        .Key("wait", new EitherShape<HandStep.Wait>(Durations.Some.Select(time => new HandStep.Wait(time)), Wait),
            "Time and traffic for the gates.", (_, wait) => wait)
        .Key("check", Choices.Words("smoke", "beforePromote"), "Asks the checks of this name.",
            (_, name) => new HandStep.Check(name))
        .Key("approve", new EitherShape<HandStep.Approve>(
                Lists.OneOrMore(Texts.Any).Select(by => new HandStep.Approve(by, Defaults.ApprovalTimeout)), Approve),
            "Waits for a person.", (_, approve) => approve)
        .Key("set", Set, "Gives a flag another variant.", (_, set) => set)
        .Key("settle", new NothingShape(), "The candidate is the new stable.", (_, _) => new HandStep.Settle())
        .ExactlyOne("scale", "shift", "wait", "check", "approve", "set", "settle");

    public static readonly Shape<Seq<HandStep>> Steps = Lists.Of(Step).Check((steps, problems) =>
    {
        if (steps.All.Count == 0) problems.Add(steps.At, "there are no steps", "begin with - scale: 1");
        if (steps.All.Count > Limits.Steps)
            problems.Add(steps.At, $"these are {steps.All.Count} steps", $"at most {Limits.Steps}");
        var settled = steps.All.ToList().FindIndex(step => step.Value is HandStep.Settle);
        if (settled >= 0 && settled < steps.All.Count - 1)
            problems.Add(steps.All[settled + 1].At, "nothing may follow settle", "the release has ended there");
    });
}

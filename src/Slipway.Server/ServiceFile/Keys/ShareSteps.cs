using Slipway.Routing;
using Slipway.ServiceFile.Shapes;

namespace Slipway.ServiceFile.Keys;

/// <summary>Shares of the traffic on the way to all of it.</summary>
internal static class ShareSteps
{
    public static readonly Shape<Seq<Share>> Rising = Lists.Of(Percentages.SomeShare).Check((steps, problems) =>
    {
        if (steps.All.Count == 0)
        {
            problems.Add(steps.At, "there are no steps", "at least the last one: [100]");
            return;
        }
        if (steps.All.Count > Limits.Steps)
            problems.Add(steps.At, $"these are {steps.All.Count} steps", $"at most {Limits.Steps}");
        foreach (var (before, next) in steps.All.Zip(steps.All.Skip(1)))
            if (next.Value <= before.Value)
            {
                problems.Add(next.At, $"the steps must rise: {Plain(next.Value)} comes after {Plain(before.Value)}",
                    $"more than {Plain(before.Value)} here, or swap the two");
                return;
            }
        if (steps.All[^1] is var last && last.Value != Share.All)
            problems.Add(last.At, $"the last step is {Plain(last.Value)}, not 100", "add 100 after it");
    });

    /// <summary>initial 5, increment 20: 5, 25, 45, 65, 85, 100.</summary>
    public static Seq<Share> From(Share initial, Share increment)
    {
        var steps = new List<Share>();
        for (var basis = initial.Basis; basis < Share.Whole; basis += increment.Basis) steps.Add(new(basis));
        return steps.Append(Share.All).ToSeq();
    }

    public static int Count(Share initial, Share increment) =>
        1 + (Share.Whole - initial.Basis + increment.Basis - 1) / Math.Max(1, increment.Basis);

    static string Plain(Share share) => $"{share.Basis / 100.0:0.##}";
}

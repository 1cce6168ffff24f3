using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Decisions;

/// <summary>
/// What needs no statistics: instances that crash again and again, run out of memory, or are lost by the dozen. One
/// crash of one instance is not among it: that happens on a bad machine too.
/// </summary>
sealed record Trigger(Reason Reason, string Why)
{
    /// <summary>Stable suffers in the same way, so it is the machine or what both lean on.</summary>
    public bool OnBothSides { get; private init; }

    const Reason Failing = Reason.InstancesFailed;

    /// <summary>Of the release under way; while its fleet grows, the budget says how many may fail.</summary>
    public static Trigger? Of(Service s, Run run, Seen seen)
    {
        if (run.Kind is not (RunKind.Deploy or RunKind.Restart) || run.Step is null || run.IsFinal) return null;
        var growing = run.Step is Step.Scale x && x.Fleet == run.Candidate;
        var tolerated = Math.Max(Defaults.LostBelow, run.Budget.Tolerate);
        return Of(s, run.Candidate, seen, tolerated) is { } trigger && !(growing && trigger.Reason == Failing)
            ? trigger with { OnBothSides = s.Stable is { } stable && Of(s, stable, seen, tolerated) is not null }
            : null;
    }

    /// <summary>Of the version that a release has left behind, while going back from it would still help.</summary>
    public static Trigger? OfStable(Service s, Seen seen) =>
        s.Stable is { } stable && Of(s, stable, seen, Defaults.LostBelow) is { } trigger
        && (s.Previous is { } warm ? Of(s, warm.Fleet, seen, Defaults.LostBelow) is null
            : trigger.Reason != Reason.InstancesLost)
            ? trigger
            : null;

    static Trigger? Of(Service s, Fleet fleet, Seen seen, double tolerated)
    {
        if (seen.Find(fleet) is not { Size: > 0 } found || found.Since < s.Want.Find(fleet)?.Since) return null;
        var version = s.RevisionOf(fleet).Version;
        if (found.OutOfMemory > 0)
            return new(Reason.OutOfMemory, Told(found.OutOfMemory, "ran out of memory"));
        if (found.Failed > tolerated * found.Size)
            return new(Failing, Told(found.Failed, "crashed again and again"));
        return found.Lost >= Defaults.LostAtLeast && found.Lost > tolerated * found.Size
            ? new(Reason.InstancesLost, Told(found.Lost, "are not ready any more"))
            : null;

        string Told(int count, string what)
        {
            var why = string.IsNullOrEmpty(found.Why) ? "" : $": {found.Why}";
            return $"{count} of {found.Size} instances of {version} {what}{why}";
        }
    }
}

using System.Diagnostics;
using System.Text.RegularExpressions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Decisions;

/// <summary>The table command × mode: every command is defined in every mode, and abort always wins.</summary>
static partial class Commanded
{
    public static Decision Decide(Service s, Seen seen, Command command, DateTimeOffset now) => (command, s.Run) switch
    {
        (Command.Report x, { } run) => Report(run, x),
        (Command.Report, null) => Decision.Nothing,
        (Command.Recall x, { Kind: RunKind.First or RunKind.Deploy or RunKind.Restart, Mode: not Mode.Back } run)
            when run.Release == x.Release => new TurnBack(Reason.Recalled, x.Why).Decide(s, run, seen),
        (Command.Recall, _) => Decision.Nothing,
        (Command.Register x, null or { Kind: not RunKind.Remove }) => Register(s, x),
        _ when !s.Registered =>
            Decision.Refuse($"There is no service \"{s.Name}\". To add it: slipway up slipway.yaml"),

        (Command.Deploy x, null) => Refusal(s, x.Deployment, now) ?? Start.Deploy(s, x.Deployment, now),
        (Command.Deploy or Command.Register, { Kind: RunKind.Remove }) => Removing(s),
        (Command.Deploy x, { } run) => Refusal(s, x.Deployment, now) ?? Newer(s, run, seen, x),

        (Command.Abort, null) => Decision.Refuse(
            $"{s.Name} has no release running. To go back to the version before: slipway undo {s.Name}"),
        (Command.Undo x, null) => Undoing.Decide(s, x),
        (Command.Undo { Revision: { } to }, { } run) when Undoing.Elsewhere(s, run, to) is { } elsewhere => elsewhere,
        (Command.Abort or Command.Undo, { GoesBack: true } run) => Hurry(s, run, command),
        (Command.Abort or Command.Undo, { IsFinal: true }) => Decision.Refuse(
            $"{s.Name} is being purged of what older revisions need. That cannot be taken back."),
        (Command.Undo, { Kind: RunKind.Undo } run) => Decision.Refuse(
            $"{s.Name} is going back to {run.CandidateVersion(s)} already. To stop that: slipway abort {s.Name}"),
        (Command.Abort x, { } run) => Abort(s, run, seen, command, x.Now),
        (Command.Undo, { } run) => Abort(s, run, seen, command, false),

        (Command.Restart, null) => s.Stable is null ? NeverDeployed(s) : Start.Restart(s, now),
        (Command.Purge x, null) => Purge(s, x.Change),
        (Command.Remove, null) => Start.Remove(s),
        (Command.Restart or Command.Purge or Command.Remove, { } run) => Decision.Refuse(
            $"{s.Name} has release {run.Release} running. To stop it first: slipway abort {s.Name}"),

        (_, null) => Decision.Refuse($"{s.Name} has no release running."),
        (_, { GoesBack: true }) =>
            Decision.Refuse($"{s.Name} is on its way back. That is not paused, promoted or approved."),
        (Command.Promote x, { } run) => Promote(s, run, x),
        // One that would go on by itself when requests come stays paused from then on.
        (Command.Pause, { Mode: Mode.Paused, Reason: not Reason.Undecided }) => Decision.Nothing,
        (Command.Pause, _) => new Event.Paused(Reason.Asked, $"paused{By(command)}"),
        (Command.Resume, { } run) => run.Mode == Mode.Paused ? new Event.Resumed() : Decision.Nothing,
        (Command.Hold x, { } run) => Hold(s, run, x.At),
        (Command.Approve x, { } run) => Approve(s, run, x),
        (Command.Reject x, { } run) => Reject(s, run, seen, x),
        _ => throw new UnreachableException(),
    };

    static Decision Report(Run run, Command.Report x) =>
        run.Entered == x.Entered && run is { Step: Step.Ask, Answer: null }
        ? new Event.Answered(x.Passed, x.Text)
        : Decision.Nothing;

    static Decision Register(Service s, Command.Register x)
    {
        if (!s.Registered) return new Event.Registered(x.Spec);
        return x.Spec == (s.Waiting ?? s.Spec) ? Decision.Nothing : new Event.Changed(x.Spec);
    }

    /// <summary>What is wrong with a deployment whatever is running.</summary>
    static Decision? Refusal(Service s, Deployment deployment, DateTimeOffset now)
    {
        if (VersionName.Problem(deployment.Version) is { } wrong) return Decision.Refuse(wrong);
        if (Admission.Refusal(s, deployment, now) is { } why) return Decision.Refuse(why);
        // Compared with what it would be started with: a changed specification waits for the release to end.
        var spec = s.Waiting ?? s.Spec!;
        return s.Run is { Mode: not Mode.Back } run && s.RevisionOf(run.Candidate).IsSame(deployment.Version, spec)
            ? Decision.Refuse($"{s.Name} is on its way to {deployment.Version} already, with release {run.Release}.")
            : null;
    }

    static Decision Removing(Service s) =>
        Decision.Refuse($"{s.Name} is being removed. To keep it: slipway abort {s.Name}");

    static Decision Newer(Service s, Run run, Seen seen, Command.Deploy x)
    {
        var asked = new Event.Asked(x.Deployment);
        // Nothing is put between users and the version that they are being brought back to.
        var goesBack = run.Mode == Mode.Back || run.Kind == RunKind.Undo || run.IsFinal;
        return (x.OnNewer ?? s.Spec!.OnNewer) switch
        {
            OnNewer.Refuse => Decision.Refuse($"{s.Name} already has release {run.Release} running" + (goesBack
                ? ", which is not stopped for a newer one. To wait for it: add --queue"
                : $". To stop it first: slipway abort {s.Name}, or to replace it: add --supersede")),
            OnNewer.Supersede when !goesBack => Supersede(x.Deployment.Version, asked).Decide(s, run, seen),
            OnNewer.Supersede or OnNewer.Queue => asked,
            _ => throw new UnreachableException(),
        };
    }

    static TurnBack Supersede(string version, Event asked) =>
        new(Reason.Superseded, $"replaced by {version}") { Cause = asked };

    static Decision Purge(Service s, string change)
    {
        if (s.Stable is null) return NeverDeployed(s);
        if (s.Spec!.Schema is null)
            return Decision.Refuse($"{s.Name} changes no schema: its slipway.yaml has no schema section.");
        if (!Change().IsMatch(change))
            return Decision.Refuse(
                $"\"{change}\" is no name of a change: letters, digits and . _ - are allowed, 128 at most.");
        return s.Want.SettingOf(Step.Set.Schema(change)) == Step.Set.Purged
            ? Decision.Refuse($"{change} has been purged already.")
            : Start.Purge(s, change);
    }

    static Decision Abort(Service s, Run run, Seen seen, Command command, bool now) =>
        new TurnBack(Reason.Aborted, $"stopped{By(command)}") { Hurried = now }.Decide(s, run, seen);

    /// <summary>Who stops what goes back already means what would come after it.</summary>
    static Decision Hurry(Service s, Run run, Command command)
    {
        if (command is not Command.Abort abort) return Decision.Nothing;
        var events = new List<Event>();
        if (s.Next is { } next) events.Add(new Event.Dropped($"{next.Version} was withdrawn{By(command)}"));
        if (abort.Now && !run.Hurried) events.Add(new Event.Hurried());
        return new(events.ToSeq());
    }

    static Decision Promote(Service s, Run run, Command.Promote x)
    {
        if (run.Mode == Mode.Paused)
            return Decision.Refuse($"{s.Name} is paused: {run.Why}. To go on: slipway resume {s.Name}");
        if (run.AwaitsApproval)
            return Decision.Refuse(
                $"{s.Name} waits for an approval, which a promotion does not replace: slipway approve {s.Name}");
        return x.Full || run.Step is Step.Wait
            ? new Event.Promoted(x.Full)
            : Decision.Refuse(
                $"{s.Name} is not watching anything that could be cut short: it is {Words.Doing(s, run)}.");
    }

    static Decision Hold(Service s, Run run, Share at)
    {
        var share = s.Want.Table.Value.ShareOf(run.Candidate);
        if (s.Stable is not { } stable || stable == run.Candidate)
            return Decision.Refuse($"{s.Name} has no other version that could take the traffic.");
        if (at > share)
            return Decision.Refuse($"{run.CandidateVersion(s)} has {share} of the traffic. Holding lowers that; " +
                $"to raise it: slipway promote {s.Name}");
        var full = run.Baseline.SizeOf(stable);
        return s.Want.SizeOf(stable) < at.Rest.InstancesOf(full)
            ? Decision.Refuse(
                $"{s.Name} has {s.Want.SizeOf(stable)} of {full} instances of {s.RevisionOf(stable).Version} left, " +
                $"too few for {at.Rest}. To go back altogether: slipway abort {s.Name}")
            : new Event.Held(at);
    }

    static Decision Approve(Service s, Run run, Command.Approve x) =>
        Unasked(s, run, x.Entered) ?? NotAllowed(s, run, x) ?? new Event.Answered(true, x.Why);

    static Decision Reject(Service s, Run run, Seen seen, Command.Reject x)
    {
        if ((Unasked(s, run, x.Entered) ?? NotAllowed(s, run, x)) is { } refused) return refused;
        var reason = ApprovalOf(run).IsChoice ? Reason.NotChosen : Reason.Rejected;
        return new TurnBack(reason, x.Why) { Cause = new Event.Answered(false, x.Why) }.Decide(s, run, seen);
    }

    static Decision? Unasked(Service s, Run run, long? entered) => run.AwaitsApproval switch
    {
        false => Decision.Refuse($"{s.Name} does not wait for an approval: it is {Words.Doing(s, run)}."),
        true when entered is { } meant && meant != run.Entered => Decision.Refuse(
            $"That question was answered already; {s.Name} asks another one now."),
        _ => null,
    };

    static Decision? NotAllowed(Service s, Run run, Command command)
    {
        var by = ApprovalOf(run).By;
        return by.Count == 0 || by.Intersect(command.Roles).Any()
            ? null
            : Decision.Refuse($"The approval of {s.Name} is for {string.Join(" or ", by)}. Whoever is one says so: "
                + $"slipway {(command is Command.Reject ? "reject" : "approve")} {s.Name} --role {by[0]}");
    }

    static Question.Approval ApprovalOf(Run run) => (Question.Approval)((Step.Ask)run.Step!).Question;

    /// <summary>Not everybody says who they are.</summary>
    static string By(Command command) => command.By.Length > 0 ? $" by {command.By}" : "";

    static Decision NeverDeployed(Service s) =>
        Decision.Refuse($"{s.Name} has never been deployed. Its first: slipway deploy {s.Name} VERSION");

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,128}\z")]
    private static partial Regex Change();
}

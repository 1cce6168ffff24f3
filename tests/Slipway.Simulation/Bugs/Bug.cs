using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Simulation.Bugs;

/// <summary>
/// Mistakes that somebody could make, each planted in one of the three pure functions. The simulation has to find every
/// one of them: a check that cannot fail proves nothing.
/// </summary>
public sealed record Bug(string Name, Wits Wits)
{
    static readonly Wits Sound = new();

    public static IReadOnlyList<Bug> All { get; } =
    [
        new("an effect is sent without its own sequence", Converging((s, seen) => Sound.Converge(s, seen)
            .Select(effect => effect is Effect.Resize x ? x with { Since = s.Sequence } : effect))),
        new("weight is given before the fleet is confirmed", new Wits
        {
            Decide = (s, seen, command, now) => Sound.Decide(s, Believed(s, seen), command, now),
            Converge = (s, seen) => Routed(s, seen, fleet => seen.ReadyOf(fleet) > 0),
        }),
        new("traffic goes to a fleet that is not ready", new Wits
        {
            Converge = (s, seen) => Sound.Converge(s, Eager(seen)),
            Decide = (s, seen, command, now) => Sound.Decide(s, Eager(seen), command, now),
        }),
        new("something is done before the first look", new Wits
        {
            Converge = (s, seen) => Sound.Converge(s, Guessed(s, seen)),
            Decide = (s, seen, command, now) => Sound.Decide(s, Guessed(s, seen), command, now),
        }),
        new("a fleet is stopped before the route has left it", Converging((s, seen) => Sound.Converge(s, seen).Concat(
            s.Want.Fleets.Where(wanted => seen.Find(wanted.Fleet) is { } fleet && fleet.Since < wanted.Since)
                .Select(wanted => new Effect.Resize(wanted.Fleet, wanted.Size, wanted.Since))))),
        new("the schema is purged while old instances live", new Wits
        {
            Decide = Then((_, e) => e is Event.Started { Kind: RunKind.Purge } x
                ? x with { Plan = x.Plan.Where(step => step is not Step.Scale).ToSeq() }
                : e),
            Converge = (s, seen) => Sound.Converge(s, seen).Concat(s.Want.Settings
                .Where(wanted => seen.IsComplete && seen.Find(wanted.Name)?.Since != wanted.Since)
                .Select(wanted => new Effect.Set(wanted.Name, wanted.Value, wanted.Since))),
        }),
        new("the way back of a setting is forgotten", Deciding(Then((_, e) => e is Event.TurnedBack x
            ? x with { Plan = x.Plan.Where(step => step is not Step.Set).ToSeq() }
            : e))),
        new("an abort is lost while a release is promoted", Deciding((s, seen, command, now) =>
            command is Command.Abort && s.Run is { SkipsWaits: true, Mode: Mode.Forward }
                ? Decision.Nothing with { Settles = true }
                : Sound.Decide(s, seen, command, now))),
        new("maxSurge is one too many", Deciding(Then((s, e) =>
            e is Event.Started x && Surging(s, x) is { } plan ? x with { Plan = plan } : e))),
        new("the last event is applied twice", new Wits { Fold = Twice }),
        new("an approval is skipped after a restart", Deciding((s, seen, command, now) =>
            s.Run is { AwaitsApproval: true, Mode: Mode.Forward } run && seen == Seen.Nothing && !run.IsLast
                ? Decision.Of(new Event.Entered(run.At + 1))
                : Sound.Decide(s, seen, command, now))),
        new("an approval is not part of the plan", Deciding(Then((_, e) => e is Event.Started x
            ? x with { Plan = x.Plan.Where(step => step is not Step.Ask { Question: Question.Approval }).ToSeq() }
            : e))),
        new("a hold is only a pause", Deciding(Then((_, e) => e is Event.Held x
            ? new Event.Paused(Reason.Held, $"held at {x.At}")
            : e))),
        new("a full promotion enters the last step at once", Deciding((s, seen, command, now) =>
            command is null && s.Run is { SkipsWaits: true, Mode: Mode.Forward, IsLast: false, Step: Step.Wait } run
                ? Decision.Of(new Event.Entered(run.Plan.Count - 1))
                : Sound.Decide(s, seen, command, now))),
        new("hooks are not undone", Deciding(Then((_, e) => e is Event.TurnedBack x
            ? x with { Plan = x.Plan.Where(step => step is not Step.Ask { Question: Question.Hook }).ToSeq() }
            : e))),
        new("an undo hook that fails is kept quiet", Deciding((s, seen, command, now) =>
            Sound.Decide(s, seen, command, now) is var said && s.Run is { Mode: Mode.Back, Answer.Passed: false }
                ? said with { Events = said.Events.Where(e => e is not Event.Noticed).ToSeq() }
                : Sound.Decide(s, seen, command, now))),
        new("an outage after a release is kept quiet", Deciding((s, seen, command, now) =>
            Sound.Decide(s, s.Run is null ? Quiet(seen) : seen, command, now))),
        new("an outage goes back before anybody is told", Deciding((s, seen, command, now) =>
            Sound.Decide(s.Guard is { } guard ? s with { Guard = guard with { ToldAt = now } } : s, seen, command,
                now))),
        new("a way back leaves the fleet of the candidate", Deciding(Then((s, e) => e is Event.TurnedBack x
            ? x with { Plan = x.Plan.Where(step => step is not Step.Scale { To: 0 }).ToSeq() }
            : e))),
        new("a command that comes twice is carried out twice", Deciding((s, seen, command, now) =>
            Sound.Decide(s with { Commands = [] }, seen, command, now))),
        new("an old look confirms a new order", new Wits
        {
            Decide = (s, seen, command, now) => Sound.Decide(s, Confirmed(seen), command, now),
        }),
        new("a way back ends short of the baseline", Deciding(Then((_, e) => e is Event.TurnedBack { Plan.Count: > 1 } x
            ? x with { Plan = x.Plan.Take(x.Plan.Count - 1).ToSeq() }
            : e))),
        new("a gate is ignored while paused", Deciding((s, seen, command, now) =>
            Sound.Decide(s, s.Run is { Mode: Mode.Paused } ? seen with { Judgement = null } : seen, command, now))),
    ];

    public override string ToString() => Name;

    static Wits Converging(Func<Service, Seen, IEnumerable<Effect>> converge) => new() { Converge = converge };

    static Wits Deciding(Func<Service, Seen, Command?, DateTimeOffset, Decision> decide) => new() { Decide = decide };

    static Func<Service, Seen, Command?, DateTimeOffset, Decision> Then(
        Func<Service, Event, Event> change) => (s, seen, command, now) =>
        Sound.Decide(s, seen, command, now) is var decision
            ? decision with { Events = decision.Events.Select(e => change(s, e)).ToSeq() }
            : Decision.Nothing;

    static IEnumerable<Effect> Routed(Service s, Seen seen, Func<Fleet, bool> carries)
    {
        foreach (var effect in Sound.Converge(s, seen)) yield return effect;
        var table = s.Want.Table;
        if (seen.IsComplete && seen.Table!.Since < table.Since && table.Value.Fleets.All(carries))
            yield return new Effect.Apply(table.Value, table.Since);
    }

    /// <summary>What has not been looked at is taken to be as it should be.</summary>
    static Seen Guessed(Service s, Seen seen) => seen with
    {
        Fleets = seen.Fleets ?? s.Want.Fleets
            .Select(x => new SeenFleet(x.Fleet, x.Size, x.Since, x.Size, x.Size, x.Size, 0)).ToSeq(),
        Table = seen.Table ?? new SeenTable(s.Want.Table.Value, s.Want.Table.Since),
        Settings = seen.Settings ?? s.Want.Settings.Select(x => new SeenSetting(x.Name, x.Value, x.Since)).ToSeq(),
    };

    /// <summary>Enough instances are taken for the order's own doing, whatever order brought them.</summary>
    static Seen Believed(Service s, Seen seen) => seen with
    {
        Fleets = seen.Fleets?.Select(x => s.Want.Find(x.Fleet) is { } wanted && wanted.Size <= x.Size && wanted.Size > 0
            ? x with { Since = wanted.Since }
            : x).ToSeq(),
    };

    /// <summary>Launched is taken for ready.</summary>
    static Seen Eager(Seen seen) => seen with
    {
        Fleets = seen.Fleets?.Select(x => x with { Ready = x.Size, Available = x.Size, Failed = 0 }).ToSeq(),
    };

    static Seen Quiet(Seen seen) => seen with
    {
        Judgement = seen.Judgement is { } said
            ? said with { Readings = said.Readings.Select(it => it with { OutageSeconds = 0 }).ToSeq() }
            : null,
    };

    static Seen Confirmed(Seen seen) => seen with
    {
        Fleets = seen.Fleets?.Select(fleet => fleet with { Since = long.MaxValue }).ToSeq(),
        Table = seen.Table is { } table ? table with { Since = long.MaxValue } : null,
    };

    static Seq<Step>? Surging(Service s, Event.Started x)
    {
        if (s.Stable is not { } stable || x.Budget.Exclusive || x.Budget.Surge >= s.Want.SizeOf(stable)) return null;
        if (x.Plan.OfType<Step.Shift>().FirstOrDefault()?.Table is not { Rules.Count: 0 } table) return null;
        var budget = x.Budget with { Surge = x.Budget.Surge + 1, Batch = 9 };
        var replace = new Replace(stable, x.Candidate, s.Want.SizeOf(stable), budget)
        {
            Split = share => table with { Rest = Target.Between(stable, x.Candidate, share) },
            Hold = table with { Rest = new Target.Hold(TimeSpan.FromSeconds(30)) },
        };
        return [.. replace.Steps(s.Want.SizeOf(stable), s.Want.SizeOf(x.Candidate)), new Step.Settle(x.Candidate)];
    }

    static Service Twice(Service service, IEnumerable<Recorded> events)
    {
        var all = events.ToList();
        var once = service.Apply(all);
        return all is [.., { Event: Event.Started or Event.Ended or Event.Answered } last]
            ? once.Apply(last with { Sequence = once.Sequence + 1 }) with { Sequence = once.Sequence }
            : once;
    }
}

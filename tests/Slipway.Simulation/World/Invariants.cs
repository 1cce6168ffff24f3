using Slipway.Gates;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Simulation.Harness;

namespace Slipway.Simulation.World;

/// <summary>
/// What must hold at every moment, whatever fails. Checked where things really happen: at the store and at the targets,
/// never on the word of the code under test.
/// </summary>
public sealed class Invariants(Harness.Simulation simulation, Reached reached)
{
    public const string NoRouteToNobody = "no action of ours routes to a fleet without a ready instance";
    public const string NoRetireUnderTraffic = "no action of ours retires a fleet that carries weight";
    public const string WithinBudget =
        "a rolling release stays between replicas − maxUnavailable and replicas + maxSurge";
    public const string EffectsAreAsked = "no target accepts what no event has asked for";
    public const string FailedGateTurnsBack = "a failed gate leads to the way back in the same append";
    public const string BackIsBaseline = "after a way back the world equals the baseline";
    public const string AbortEndsAtZero = "an abort, whenever it comes, ends at weight 0";
    public const string ApprovalIsGiven = "an approval is never skipped";
    public const string PurgeIsSafe = "schema is never purged while an instance lives that needs the old shape";
    public const string NoStepIsSkipped = "steps are entered one after the other, to the last";
    public const string HooksAreUndone = "a way back asks every hook's undo, and tells of one that fails";
    public const string OutageIsTold = "an outage takes a version back only to what is warm, and people were told";
    public const string HoldIsKept = "a hold that was acknowledged lowers the share";
    public const string OneRun = "at most one run per service";
    public const string PlansAreSound = "every plan that is begun passes the check of plans";
    public const string EveryRunEnds = "every run ends once faults cease and people answer";
    public const string NothingIsLost = "no event is lost, doubled or reordered";

    readonly HashSet<(Fleet, int, long)> _sizes = [];
    readonly HashSet<(string, string?, long)> _settings = [];
    readonly Dictionary<long, RouteTable> _tables = new() { [0] = RouteTable.Closed };
    readonly Dictionary<long, int> _stableWhen = [];
    readonly HashSet<string> _approvals = new(StringComparer.Ordinal);
    Service _truth = new("");
    long _began;

    public Reached Reached => reached;
    public required Func<SimFleets> Fleets { get; init; }
    public required Func<SimRouter> Router { get; init; }

    /// <summary>Told of each step that begins, so that people can interfere with the short ones too.</summary>
    public Action? Entering { get; set; }

    /// <summary>Somebody has changed a size by hand: budgets are no longer ours to keep.</summary>
    public bool MeddledWith { get; set; }

    /// <summary>Orders come from no journal: only what targets promise by themselves is looked at.</summary>
    public bool Unasked { get; set; }

    /// <summary>A person has really said yes to this.</summary>
    public void Approved(string command) => _approvals.Add(command);

    public void Appended(Service before, Service after, Seq<Recorded> events)
    {
        _truth = after;
        foreach (var wanted in after.Want.Fleets.Where(wanted => wanted.Since > before.Sequence))
            _sizes.Add((wanted.Fleet, wanted.Size, wanted.Since));
        foreach (var wanted in after.Want.Settings.Where(wanted => wanted.Since > before.Sequence))
        {
            _settings.Add((wanted.Name, wanted.Value, wanted.Since));
            _stableWhen[wanted.Since] = after.Stable?.Revision ?? 0;
        }

        if (after.Want.Table.Since > before.Sequence) _tables[after.Want.Table.Since] = after.Want.Table.Value;

        var service = before;
        foreach (var recorded in events)
        {
            Before(service, recorded, events);
            var next = service.Apply(recorded);
            After(service, next, recorded);
            service = next;
        }
    }

    public void Resizing(SimFleet fleet, FleetOrder order)
    {
        if (Unasked) return;
        if (!_sizes.Contains((order.Fleet, order.Size, order.Since)))
            Violated(EffectsAreAsked, $"{order.Fleet} to {order.Size} since {order.Since}");
        if (order.Size == 0 && fleet.Size > 0)
            foreach (var table in TablesWith(order.Fleet))
                Violated(NoRetireUnderTraffic, $"{order.Fleet} has {table.WeightOf(order.Fleet)} at {table}");
        if (order.Size > 0 && order.Fleet.Revision < _truth.Oldest)
            Violated(PurgeIsSafe, $"{order.Fleet} starts, and needs what was purged with r{_truth.Oldest}");
        Budget(fleet, order);
    }

    public void Routing(RouteTable now, RouteOrder order)
    {
        if (Unasked) return;
        if (!_tables.TryGetValue(order.Since, out var asked) || asked != order.Table)
            Violated(EffectsAreAsked, $"{order.Table} since {order.Since}");
        foreach (var fleet in order.Table.Fleets.Where(fleet => now.WeightOf(fleet) < order.Table.WeightOf(fleet)))
            if (Fleets().Find(fleet) is not { Size: > 0, Peak: > 0 })
                Violated(NoRouteToNobody, $"{order.Table}, but {fleet} has {ReadyOf(fleet)} ready");
    }

    public void Setting(SettingOrder order)
    {
        if (Unasked) return;
        if (!_settings.Contains((order.Name, order.Value, order.Since)))
            Violated(EffectsAreAsked, $"{order.Name} to {order.Value} since {order.Since}");
        if (order.Value != Step.Set.Purged) return;
        var stable = _stableWhen[order.Since];
        foreach (var old in Fleets().All.Where(fleet => fleet.Revision.Number < stable && fleet.Live > 0))
            Violated(PurgeIsSafe, $"{order.Name}, and {old.Live} of {old.Revision.Fleet} live");
    }

    /// <summary>At the end of a run's life: the streams are whole and every node tells the same.</summary>
    public void Settled(SimJournal journal, IEnumerable<Service> nodes)
    {
        var name = _truth.Name;
        var folded = new Service(name).Apply(journal.Read(name, 0));
        foreach (var told in nodes.Append(journal.Truth(name)))
            if (JournalFormat.Write(told) != JournalFormat.Write(folded))
                Violated(NothingIsLost, $"a node is at {told.Sequence}, the stream at {folded.Sequence}");
        foreach (var twice in journal.Events(name).Where(e => e.Command is not null)
            .GroupBy(e => e.Command).Where(group => group.Count() > 1))
            Violated(NothingIsLost, $"the command {twice.Key} was carried out {twice.Count()} times");
    }

    /// <summary>An abort that was acknowledged has been acted on.</summary>
    public void Acknowledged(Service service, int? release)
    {
        if (service.Run is { GoesBack: false } run && run.Release == release)
            Violated(AbortEndsAtZero, $"release {release} goes on after an abort");
    }

    /// <summary>A hold that was acknowledged wants no more than what was asked.</summary>
    public void Held(Service service, int? release, Share at)
    {
        if (service.Run is { Mode: Mode.Paused, Reason: Reason.Held } run && run.Release == release
            && service.Want.Table.Value.ShareOf(run.Candidate) <= at) return;
        if (service.Run is { Mode: not Mode.Back } other && other.Release == release)
            Violated(HoldIsKept, $"{service.Want.Table.Value} after a hold at {at}");
    }

    public void Stuck(string what) => Violated(EveryRunEnds, what);

    void Before(Service s, Recorded recorded, Seq<Recorded> append)
    {
        foreach (var (invariant, text) in RunRules.Broken(s, recorded.Event, append)) Violated(invariant, text);
        switch (recorded.Event)
        {
            case Event.Started when s.Run is not null:
                Violated(OneRun, $"#{recorded.Sequence}");
                break;
            case Event.Started x when x.Kind is not (RunKind.Remove or RunKind.Purge):
                // Checked against the world that the release begins in, the warm fleet let go.
                Sound(PlanCheck.Forward(x.Plan, s.Apply(recorded).Want), x.Plan);
                break;
            case Event.TurnedBack x:
                Sound(PlanCheck.Back(x.Plan, s.Want, s.Run!.Baseline), x.Plan);
                break;
            case Event.Judged { Verdict: Verdict.Fail }
                when s.Run is { Mode: not Mode.Back } && !append.Any(e => e.Event is Event.TurnedBack):
                Violated(FailedGateTurnsBack, $"#{recorded.Sequence}");
                break;
            case Event.Entered or Event.Ended
                when s.Run is { Mode: not Mode.Back, Step: Step.Ask { Question: Question.Approval } } run:
                if (run.Answer is not { Passed: true } || !WasApproved(s, append))
                    Violated(ApprovalIsGiven, $"#{recorded.Sequence}");
                break;
        }
    }

    bool WasApproved(Service s, Seq<Recorded> append) => append.Select(e => e.Command)
        .Concat(s.Commands.Select(given => given.Id))
        .Any(command => command is not null && _approvals.Contains(command));

    int ReadyOf(Fleet fleet) => Fleets().Find(fleet)?.Count(Status.Ready) ?? 0;

    IEnumerable<RouteTable> TablesWith(Fleet fleet) =>
        Router().Gateways.Select(gateway => gateway.Value).Where(table => table.WeightOf(fleet) > Share.None);

    void After(Service before, Service after, Recorded recorded)
    {
        if (before.Run is { Mode: not Mode.Back, Kind: RunKind.Deploy } running)
        {
            if (recorded.Event is Event.Entered entered)
                reached.Entered(StrategyOf(before, running), running.Plan[entered.Step].GetType().Name);
            if (recorded.Event is Event.Paused or Event.Held) reached.Reason($"{after.Run!.Reason}");
            if (recorded.Event is Event.TurnedBack)
                reached.TurnedBack(StrategyOf(before, running), running.Step?.GetType().Name ?? "its start");
        }

        if (recorded.Event is Event.Started { Kind: RunKind.Undo, Reason: not Reason.Asked } undone)
            reached.Reason($"{undone.Reason}");
        if (recorded.Event is Event.Entered) Entering?.Invoke();
        if (recorded.Event is Event.Started) _began = recorded.Sequence;
        if (recorded.Event is not Event.Ended ended || before.Run is not { } run) return;
        if (run.Mode != Mode.Back)
        {
            reached.Completed(StrategyOf(before, run));
            return;
        }

        reached.Reason($"{run.Reason}");
        if (after.Want.Table.Value != run.Baseline.Table.Value && before.Waiting is null)
            Violated(BackIsBaseline, $"{after.Want.Table.Value} instead of {run.Baseline.Table.Value}");
        foreach (var unlike in before.Waiting is null ? RunRules.Unlike(run, after.Want) : [])
            Violated(BackIsBaseline, unlike);
        foreach (var setting in after.Want.Settings)
            if (run.Baseline.SettingOf(setting.Name) is var begun && setting.Value != begun)
                Violated(BackIsBaseline, $"{setting.Name} is {setting.Value} instead of {begun}");
        if (run.Candidate == after.Stable) return;
        var least = run.Baseline.Table.Value.WeightOf(run.Candidate);
        foreach (var weight in TablesWith(run.Candidate).Select(table => table.WeightOf(run.Candidate)))
            if (weight > least)
                Violated(AbortEndsAtZero, $"{ended.Outcome}, and {run.Candidate} has {weight}");
    }

    void Sound(Seq<string> problems, Seq<Step> plan)
    {
        if (problems.Count > 0) Violated(PlansAreSound, $"{string.Join("; ", problems)} in {string.Join(" · ", plan)}");
    }

    /// <summary>
    /// Only where the promise is made: two fleets in one budget, before somebody was told that the way back goes on
    /// short, and while nobody meddles. What died by itself is counted as if it stood.
    /// </summary>
    void Budget(SimFleet fleet, FleetOrder order)
    {
        if (_truth is not { Run: { ToldAt: < 0 } run, Stable: { } stable }) return;
        if (stable == run.Candidate || MeddledWith) return;
        if (order.Since <= _began) return; // asked for before the release, and late
        var full = run.Baseline.SizeOf(stable);
        if (run.Budget.Surge >= full || order.Fleet != stable && order.Fleet != run.Candidate) return;

        var change = $"{order.Fleet} from {fleet.Size} to {order.Size}";
        var other = Fleets().Find(order.Fleet == stable ? run.Candidate : stable);
        // Stable may still be on its way to the size that it has: one that was wanted before is no growth of ours.
        var beside = other is null ? 0 : other.Revision.Fleet == stable ? Math.Min(other.Size, full) : other.Size;
        var most = order.Size + beside;
        if (order.Size > fleet.Size && most > full + run.Budget.Surge)
            Violated(WithinBudget, $"{change}: {most} instances, {full} + {run.Budget.Surge} allowed");

        var serves = TablesWith(order.Fleet).Any();
        var least = Math.Min(fleet.Peak, order.Size) + (other?.Peak ?? 0);
        if (serves && order.Size < fleet.Peak && least < full - run.Budget.Unavailable - run.ToleratedFailures)
            Violated(WithinBudget, $"{change}: {least} ready, {full} − {run.Budget.Unavailable} allowed");
    }

    static string StrategyOf(Service s, Run run) =>
        run.Kind == RunKind.Deploy ? Names.Of(s.RevisionOf(run.Candidate).Spec.Strategy) : $"{run.Kind}";

    void Violated(string invariant, string text)
    {
        simulation.Log($"VIOLATED {invariant}: {text}");
        throw new Violation(invariant, text);
    }
}

static class Names
{
    public static string Of(Specification.StrategySpec strategy) => strategy.GetType().Name;
}

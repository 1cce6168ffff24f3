using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Slipway.Notices;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests.Notices;

/// <summary>A service whose releases go well and badly, and a real server that is told of them.</summary>
public abstract class NoticeScene : IAsyncLifetime
{
    protected static readonly Fleet First = new(1), Second = new(2);

    readonly MemoryJournal _journal = new();

    protected TemporaryFolder Folder { get; } = new();
    protected ConcurrentQueue<string> Log { get; } = new();
    private protected List<NoticeDesk> Desks { get; } = [];
    protected OtherSystem Peer { get; private set; } = null!;
    protected ServiceSpec Spec { get; set; } = null!;
    protected Service Service { get; private set; } = new("shop");

    /// <summary>How long ago what happens has happened.</summary>
    protected TimeSpan Ago { get; set; }
    int Next => Service.Releases + 1;

    public async Task InitializeAsync() => Peer = await OtherSystem.Start();

    public async Task DisposeAsync()
    {
        foreach (var desk in Desks) await desk.DisposeAsync();
        await Peer.DisposeAsync();
        Folder.Dispose();
    }

    private protected async Task<NoticeDesk> Desk(params NotifySpec[] targets)
    {
        Spec = new()
        {
            Service = "shop",
            Runtime = new RuntimeSpec.Process(["shop"]),
            Notify = targets.ToSeq(),
        };
        if (Service.Sequence == 0) await Happens(new Event.Registered(Spec));
        var url = Peer.Url;
        string? Variable(string name) => name switch
        {
            "HOOK" => $"{url}/hook?key=secret",
            "SIGNING_KEY" => "between us",
            _ => null,
        };
        var post = new Post(Variable, TimeProvider.System)
        {
            PagerDuty = $"{url}/enqueue",
        };
        Desks.Add(new(new(_journal, post, new(Folder.Path)) { Tell = Log.Enqueue }));
        Desks[^1].Follow(Service);
        return Desks[^1];
    }

    protected async Task Happens(params Event[] events)
    {
        var recorded = events.Select((e, i) => new Recorded(Service.Sequence + 1 + i, DateTimeOffset.UtcNow - Ago, e)
        {
            By = e is Event.Started { Reason: not Reason.Asked } ? "slipway"
                : e is Event.Started { Release: 2 } ? "ana" : "",
        }).ToSeq();
        (await _journal.Append("shop", Service.Sequence, recorded, CancellationToken.None)).ShouldBeTrue();
        foreach (var one in recorded) Service = Service.Apply(one);
        foreach (var desk in Desks) desk.Follow(Service);
    }

    protected Task GoesWell() => Happens(
        new Event.Started(1, RunKind.First, First, Budget.Beside(1), Plan(First))
        {
            NewRevision = new(1, "1.0", Spec),
        },
        new Event.Entered(0), new Event.Entered(1), new Event.Entered(2), new Event.Ended(Outcome.Done));

    protected Task GoesBack() => Happens(
        new Event.Started(2, RunKind.Deploy, Second, Budget.Beside(1), [new Step.Scale(Second, 0, 1)])
        {
            NewRevision = new(2, "1.1", Spec) { Cause = "discount codes" },
        },
        new Event.Entered(0),
        new Event.Paused(Reason.Undecided, "too few <requests>"),
        new Event.TurnedBack(Reason.GateFailed, "errors 5 %", [new Step.Scale(Second, 1, 0)]),
        new Event.Entered(0),
        new Event.Ended(Outcome.RolledBack));

    protected async Task<IReadOnlyList<JsonNode>> Received(int count)
    {
        while (Peer.Heard.Count < count) await Peer.Next();
        return [.. Peer.Heard.Select(heard => JsonNode.Parse(heard.Body)!)];
    }

    protected static NotifySpec Hook(NotifyKind kind, params NotifyOn[] on) => new(kind, "${HOOK}") { On = on.ToSeq() };

    protected async Task Heard(string words)
    {
        while (!Peer.Heard.Any(heard => heard.Body.Contains(words, StringComparison.Ordinal))) await Peer.Next();
    }

    protected async Task Told(string words)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!Log.Contains(words)) await ticks.WaitForNextTickAsync(patience.Token);
    }

    protected Task Begins() => Happens(
        new Event.Started(Next, RunKind.Deploy, new(Next), Budget.Beside(1), [new Step.Scale(new(Next), 0, 1)])
        {
            NewRevision = new(Next, $"1.{Next - 1}", Spec),
        },
        new Event.Entered(0));

    protected async Task GoesBack(Reason reason, Outcome outcome)
    {
        await Begins();
        await Happens(
            new Event.TurnedBack(reason, "", [new Step.Scale(Service.Run!.Candidate, 1, 0)]),
            new Event.Entered(0),
            new Event.Ended(outcome));
    }

    protected Task Ships() => Happens(
        new Event.Started(Next, RunKind.Deploy, new(Next), Budget.Beside(1), Plan(new(Next)))
        {
            NewRevision = new(Next, $"1.{Next - 1}", Spec) { Cause = "discount codes" },
        },
        new Event.Entered(0), new Event.Entered(1), new Event.Entered(2), new Event.Ended(Outcome.Done));

    protected static Seq<Step> Plan(Fleet fleet) =>
        [new Step.Scale(fleet, 0, 1), new Step.Shift(new(Target.All(fleet))), new Step.Settle(fleet)];

    protected Task Undo(Reason reason, string why) => Happens(
        new Event.Started(Next, RunKind.Undo, First, Budget.Beside(1), Plan(First)) { Reason = reason, Why = why },
        new Event.Entered(0), new Event.Entered(1), new Event.Entered(2), new Event.Ended(Outcome.Done));
}

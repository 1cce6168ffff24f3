using System.Threading.Channels;
using Slipway.Decisions;
using Slipway.Releases;

namespace Slipway.Running;

/// <summary>
/// Keeps one service: reads, looks, decides, converges, and waits for the next reason to. There is no way to resume
/// after a crash, because every start is one. It awaits the journal and nothing else: calls to targets go their lanes.
/// </summary>
public sealed class Runner
{
    readonly Channel<Mail> _mail = Channel.CreateUnbounded<Mail>();
    readonly Queue<Mail.Ordered> _orders = new();
    readonly Gauge _gauge = new();
    readonly JournalHealth _health;
    readonly Ports _ports;
    readonly TimeProvider _time;
    readonly Alarms _alarms;
    readonly Hands _hands;
    readonly Wits _wits;

    Service _service;
    Seen _seen = Seen.Nothing;
    bool _behind = true;
    bool _converged;
    int _waiting;
    string? _stopped;
    IDisposable? _alarm;

    public Runner(string service, Ports ports, TimeProvider time, Alarms alarms, Wits wits)
    {
        (_service, _ports, _time, _alarms, _wits) = (new(service), ports, time, alarms, wits);
        (_hands, _health) = (new Hands(ports, time, Post), new JournalHealth(time));
    }

    /// <summary>The service as far as this node knows it, and the world as it was last seen.</summary>
    public Service Service => _service;
    public Seen Seen => _seen;

    /// <summary>Gates are watching: what was counted is worth a look.</summary>
    public bool IsJudged => Gauge.QueryOf(_service, _time.GetUtcNow()) is not null;

    /// <summary>Why the journal does not answer, for as long as it does not.</summary>
    public string? JournalTrouble => _health.Trouble;

    /// <summary>Why nobody looks after the service any more, once that is so.</summary>
    public string? Stopped => _stopped;

    /// <summary>Told after every change of the service or of what is seen of it.</summary>
    public event Action<Runner>? Moved;

    /// <summary>
    /// Told of every call that fails: what was called, and why. It is tried again whatever anybody does, and of the
    /// journal only what is new is told.
    /// </summary>
    public event Action<string, Exception>? Troubled;

    public Task<Reply> Order(Command command)
    {
        var reply = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        var order = new Mail.Ordered(command, reply);
        if (Interlocked.Increment(ref _waiting) > Limits.MailMax)
            Answer(order, Decision.Refuse("Too many commands wait for this service: try again in a moment."));
        else if (!_mail.Writer.TryWrite(order)) Answer(order, Unavailable(_stopped));
        return reply.Task;
    }

    /// <summary>
    /// It can go on no more. Whoever waits for an answer gets this one, and so does whoever asks from now on.
    /// </summary>
    public void Stop(Exception why)
    {
        _stopped = $"{_service.Name} is not looked after any more: {why.Message}";
        _mail.Writer.TryComplete();
        while (_mail.Reader.TryRead(out var mail))
            if (mail is Mail.Ordered order) _orders.Enqueue(order);
        while (_orders.TryDequeue(out var order)) Answer(order, Unavailable(_stopped));
    }

    public void Grown() => Post(new Mail.Grown());

    public void Changed(Place place) => Post(new Mail.Changed(place));

    public async Task Run(Beginning beginning, CancellationToken cancel)
    {
        _service = beginning.Service;
        await Task.Yield(); // thousands begin at once: all are owned before the first takes its turn
        _hands.Saved = _service.Sequence;
        _behind = _service.Sequence != beginning.Head;
        while (true)
        {
            var rest = await Turn(cancel);
            _alarm?.Dispose();
            _alarm = _alarms.Set(rest, () => Post(new Mail.Due()));
            await _mail.Reader.WaitToReadAsync(cancel);
            while (_mail.Reader.TryRead(out var mail)) Take(mail);
        }
    }

    /// <summary>One turn: catch up, decide until there is nothing to decide, make the world as it is wanted.</summary>
    async Task<TimeSpan> Turn(CancellationToken cancel)
    {
        var converges = Converges();
        while (true)
        {
            if (_behind && !await CatchUp(cancel)) return Rest(_orders.Count);
            if (converges) FollowGates();
            var order = _orders.TryPeek(out var waiting) ? waiting : null;
            if (order is null && !converges) break; // what follows by itself is for whoever sees the world
            var now = _time.GetUtcNow();
            var decision = Decide(order?.Command, now);
            if (decision.Events.Count > 0 && !await Append(decision, order?.Command, now, cancel))
            {
                if (!_health.IsUnwritten) continue;
                // A deploy that finds no room says nothing about an abort behind it.
                return Rest(decision.Settles ? 1 : _orders.Count);
            }

            if (decision.Settles && order is not null) Answer(_orders.Dequeue(), decision);
            else if (decision.Events.Count == 0) break;
        }

        if (!_health.IsToBeTold || await CanWrite(cancel)) _health.IsWell();
        if (converges) _hands.Do(_service, _wits.Converge(_service, _seen));
        Moved?.Invoke(this);
        if (_health.IsUnwritten) return Limits.JournalRest;
        return converges ? UntilDue(_time.GetUtcNow()) : Limits.LookEverySlowly;
    }

    /// <summary>A command that cannot even be decided is refused, and the service is looked after as before.</summary>
    Decision Decide(Command? command, DateTimeOffset now)
    {
        try
        {
            return _wits.Decide(_service, _seen, command, now);
        }
        catch (Exception e) when (command is not null)
        {
            var why = $"{_service.Name} could not decide this, which should not have happened: {e.Message}";
            return Decision.Refuse(why) with { Defect = e };
        }
    }

    /// <summary>Nobody may order anything for days, so it is tried with something that may as well be lost.</summary>
    async Task<bool> CanWrite(CancellationToken cancel) => await Try<bool?>(async () =>
    {
        await _ports.Journal.Save(Hands.FoldOf(_service), cancel);
        return true;
    }, cancel) == true;

    /// <summary>Whoever begins to converge has seen nothing yet, and perhaps not heard everything.</summary>
    bool Converges()
    {
        var converges = _ports.Converges();
        if (!converges) _seen = Seen.Nothing;
        if (converges && !_converged)
        {
            _behind = true; // whoever stood by may have missed a hint
            _hands.LookAgain();
        }

        return _converged = converges;
    }

    /// <summary>The journal fails. People are told after a while; what was answered to questions waits.</summary>
    TimeSpan Rest(int concerned)
    {
        if (!_health.IsToBeTold) return Limits.JournalRest;
        var why = $"The journal cannot be used now, so nothing new is begun: {JournalTrouble}";
        var orders = _orders.ToList();
        _orders.Clear();
        foreach (var (order, i) in orders.Select((order, i) => (order, i)))
            if (i < concerned && order.Command is not Command.Report) Answer(order, Unavailable(why));
            else _orders.Enqueue(order);
        Moved?.Invoke(this);
        return Limits.JournalRest;
    }

    async Task<bool> CatchUp(CancellationToken cancel)
    {
        var events = await Try(() => _ports.Journal.Read(_service.Name, _service.Sequence, cancel), cancel);
        if (events is null)
        {
            _health.CouldNotRead();
            return false;
        }

        _service = _wits.Fold(_service, events);
        _health.HasRead();
        _behind = false;
        return true;
    }

    /// <summary>
    /// False when somebody else was first, or nobody knows: the append may have happened all the same. Either way the
    /// journal is read before anything else is decided, and a command has an id by which it is known again.
    /// </summary>
    async Task<bool> Append(Decision decision, Command? command, DateTimeOffset now, CancellationToken cancel)
    {
        var cause = decision.Settles ? command : null;
        var events = decision.Events.Select((e, i) => new Recorded(_service.Sequence + 1 + i, now, e)
        {
            By = cause?.By ?? "slipway",
            Command = i == 0 ? cause?.Said : null,
        }).ToSeq();
        var appended = await Try<bool?>(
            async () => await _ports.Journal.Append(_service.Name, _service.Sequence, events, cancel), cancel);
        _behind = appended != true;
        if (appended is null) _health.CouldNotWrite();
        else if (_behind) _health.HasAnswered();
        else _health.IsWell();
        if (_behind) return false;
        _service = _wits.Fold(_service, events);
        return true;
    }

    /// <summary>Nothing when the journal fails for a while. One that cannot be trusted any more is thrown.</summary>
    async Task<T?> Try<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is not (BrokenInvariantException or JournalException))
        {
            cancel.ThrowIfCancellationRequested();
            if (e.Message != _health.Trouble) Troubled?.Invoke("journal", e);
            _health.Trouble = e.Message;
            return default;
        }
    }

    void Answer(Mail.Ordered order, Decision decision) => Answer(order, new Reply(decision.Refusal, _service)
    {
        Release = _service.Find(order.Command.Id)?.Release ?? _service.Run?.Release,
        Defect = decision.Defect,
    });

    Reply Unavailable(string? why) => new(why, _service) { Unavailable = true };

    void Answer(Mail.Ordered order, Reply reply)
    {
        Interlocked.Decrement(ref _waiting);
        order.Reply.TrySetResult(reply);
    }

    void Take(Mail mail)
    {
        switch (mail)
        {
            case Mail.Ordered x: _orders.Enqueue(x); break;
            case Mail.Returned x: Return(x); break;
            case Mail.Answered x: Report(x); break;
            case Mail.Counted x: Count(x); break;
            case Mail.Grown: _behind = true; break;
            case Mail.Changed x: _hands.LookAgain(x.Place); break;
        }
    }

    void Return(Mail.Returned x)
    {
        _seen = _hands.Returned(x, _seen);
        if (x.Failure is { } failure) Troubled?.Invoke(x.Lane, failure);
    }

    /// <summary>An answer is a command too: it is journalled, conflicts and repetitions included.</summary>
    void Report(Mail.Answered x)
    {
        var id = $"{_service.Name}/{x.Entered}";
        var report = new Command.Report(id, x.Entered, x.Answer.Passed, x.Answer.Text) { By = "slipway" };
        Interlocked.Increment(ref _waiting);
        _orders.Enqueue(new(report, new()));
    }

    void Count(Mail.Counted x)
    {
        if (x.Release != _service.Releases) return; // of a release that is over
        var now = _time.GetUtcNow();
        _gauge.Take(x.Fleet, x.Totals, now, Gauge.ShareOf(_service, _seen, x.Fleet));
        _seen = _seen with { Judgement = _gauge.Says(_service, now) };
    }

    /// <summary>The judge keeps in step with the journal: evidence of one step is no evidence for the next.</summary>
    void FollowGates()
    {
        var news = _gauge.Follow(_service, _time.GetUtcNow());
        if (_seen.Judgement is not { } said) return;
        if (news || said.Release != _service.Releases || said.Entered != (_service.Run?.Entered ?? 0))
            _seen = _seen with { Judgement = _gauge.Says(_service, said.At) };
    }

    TimeSpan UntilDue(DateTimeOffset now)
    {
        var next = _hands.UntilNext(_service, now);
        return Mind.NextDue(_service, now) is { } due && due - now < next ? due - now : next;
    }

    void Post(Mail mail) => _mail.Writer.TryWrite(mail);
}

using System.Diagnostics;
using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;

namespace Slipway.Running;

/// <summary>What a runner does to the world: looks at it, and carries out what converging asks for.</summary>
sealed class Hands(Ports ports, TimeProvider time, Action<Mail> post)
{
    readonly Lanes _lanes = new(time, post);
    readonly HashSet<Place> _wanted = [Place.Fleets, Place.Routes, Place.Settings];
    DateTimeOffset _looked = DateTimeOffset.MinValue;
    DateTimeOffset _read = DateTimeOffset.MinValue;

    /// <summary>Up to which event the fold is saved.</summary>
    public long Saved { get; set; }

    public void LookAgain(Place place) => _wanted.Add(place);

    public void LookAgain() => _wanted.UnionWith([Place.Fleets, Place.Routes, Place.Settings]);

    public void Do(Service service, IEnumerable<Effect> effects)
    {
        foreach (var effect in effects) Carry(service, effect);

        var now = time.GetUtcNow();
        if (_looked + LookEvery(service) <= now)
        {
            _wanted.UnionWith([Place.Fleets, Place.Routes, Place.Settings]);
            _looked = now;
        }

        if (_read + Limits.ReadEvery <= now)
        {
            _wanted.Add(Place.Metrics);
            _read = now;
        }

        // A place whose lane is busy or resting stays wanted.
        _wanted.RemoveWhere(place => Look(service, place));
        if (service.Sequence - Saved >= SaveEvery(service, now)) Save(service);
    }

    public Seen Returned(Mail.Returned returned, Seen seen)
    {
        _lanes.Return(returned);
        // Whatever a target was asked, what counts is what it shows afterwards.
        if (returned.Touched is { } touched) LookAgain(touched);
        return returned.Seen is null ? seen : returned.Seen(seen);
    }

    /// <summary>Until there is something to do unasked: a look, a reading, or a call once more.</summary>
    public TimeSpan UntilNext(Service service, DateTimeOffset now)
    {
        var next = _looked + LookEvery(service);
        if (Gauge.QueryOf(service, now) is not null && _read + Limits.ReadEvery < next) next = _read + Limits.ReadEvery;
        if (_lanes.Rested(now) is { } rested && rested < next) next = rested;
        return next - now;
    }

    static TimeSpan LookEvery(Service service) =>
        service.Run is null or { Step: Step.Wait } or { Mode: Mode.Paused } ? Limits.LookEverySlowly : Limits.LookEvery;

    /// <summary>False when the lane is not free: the place is looked at later.</summary>
    bool Look(Service service, Place place)
    {
        if (place == Place.Metrics) return Read(service);
        return _lanes.Offer($"look at {place}", Limits.LookTimeout, null, cancel => Look(service.Name, place, cancel));
    }

    async Task<Func<Seen, Seen>?> Look(string name, Place place, CancellationToken cancel)
    {
        switch (place)
        {
            case Place.Fleets:
                var fleets = await ports.Fleets.Look(name, cancel);
                return seen => seen with { Fleets = fleets };
            case Place.Routes:
                var table = await ports.Router.Look(name, cancel);
                return seen => seen with { Table = table };
            case Place.Settings:
                var settings = await ports.Settings.Look(name, cancel);
                return seen => seen with { Settings = settings };
            default:
                throw new UnreachableException();
        }
    }

    bool Read(Service service)
    {
        if (ports.Metrics is not { } metrics || Gauge.QueryOf(service, time.GetUtcNow()) is not { } query) return true;
        return Do("read metrics", null, async cancel =>
            post(new Mail.Counted(service.Releases, query.Candidate, await metrics.Read(query, cancel))));
    }

    void Carry(Service s, Effect effect)
    {
        switch (effect)
        {
            case Effect.Resize x:
                var order = OrderOf(s, x);
                Do($"fleet {x.Fleet}", Place.Fleets, cancel => ports.Fleets.Resize(order, cancel));
                break;
            case Effect.Apply x:
                var table = new RouteOrder(s.Name, x.Table, x.Since);
                Do("route", Place.Routes, cancel => ports.Router.Apply(table, cancel));
                break;
            case Effect.Set x:
                var setting = new SettingOrder(s.Name, x.Name, x.Value, x.Since);
                Do(x.Name, Place.Settings, cancel => ports.Settings.Set(setting, cancel));
                break;
            case Effect.Ask x:
                Ask(s, x);
                break;
            default:
                throw new UnreachableException();
        }
    }

    static FleetOrder OrderOf(Service s, Effect.Resize x) => new(s.Name, s.RevisionOf(x.Fleet), x.Size, x.Since)
    {
        MinReady = s.Run?.Budget.MinReady ?? TimeSpan.Zero,
        Hurried = s.Run is { Hurried: true },
    };

    /// <summary>Asked until it is answered: a lost answer is asked for again under the same id.</summary>
    void Ask(Service s, Effect.Ask x) => _lanes.Offer($"ask {x.Since}", Patience(x), null, async cancel =>
    {
        var answer = await ports.Jobs.Do(new($"{s.Name}/{x.Since}", s, x.Question), cancel);
        post(new Mail.Answered(x.Since, answer));
        return null;
    });

    /// <summary>A little more than it may take: an answer in the last moment still says why.</summary>
    static TimeSpan Patience(Effect.Ask x) => x.Question.Timeout + Limits.AnswerMargin;

    static int SaveEvery(Service service, DateTimeOffset now) =>
        Mind.NextDue(service, now) - now < Limits.Quiet ? Limits.SaveEvery : 1;

    /// <summary>A cache: one that is lost costs a longer start and nothing else.</summary>
    void Save(Service service)
    {
        Saved = service.Sequence;
        var fold = FoldOf(service);
        Do("save", null, cancel => ports.Journal.Save(fold, cancel));
    }

    public static SavedFold FoldOf(Service service) =>
        new(service.Name, service.Sequence, Service.StateVersion, JournalFormat.Write(service));

    bool Do(string lane, Place? touches, Func<CancellationToken, Task> call) =>
        _lanes.Offer(lane, Limits.CallTimeout, touches, async cancel =>
        {
            await call(cancel);
            return null;
        });
}

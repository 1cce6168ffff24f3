using System.Diagnostics;
using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;

namespace Slipway.Running;

/// <summary>What a runner does to the world: looks at it, and carries out what converging asks for.</summary>
sealed class Hands
{
    static readonly Place[] Everywhere = [Place.Fleets, Place.Routes, Place.Settings];

    readonly Ports _ports;
    readonly TimeProvider _time;
    readonly Func<Service, Seen, IEnumerable<Effect>> _converge;
    readonly Action<Mail> _post;
    readonly Lanes _lanes;
    readonly HashSet<Place> _wanted = [.. Everywhere];
    DateTimeOffset _looked = DateTimeOffset.MinValue;
    DateTimeOffset _read = DateTimeOffset.MinValue;

    public Hands(Ports ports, TimeProvider time, Func<Service, Seen, IEnumerable<Effect>> converge, Action<Mail> post)
    {
        (_ports, _time, _converge, _post) = (ports, time, converge, post);
        _lanes = new Lanes(time, post);
    }

    public void LookAgain(Place place) => _wanted.Add(place);

    public void Do(Service service, Seen seen)
    {
        if (!service.Registered && service.Want.Fleets.Count == 0) return;
        foreach (var effect in _converge(service, seen)) Carry(service, effect);

        var now = _time.GetUtcNow();
        if (_looked + LookEvery(service) <= now)
        {
            _wanted.UnionWith(Everywhere);
            _looked = now;
        }

        if (_read + Limits.ReadEvery <= now)
        {
            _wanted.Add(Place.Metrics);
            _read = now;
        }

        // A place whose lane is busy or resting stays wanted.
        _wanted.RemoveWhere(place => Look(service, place));
    }

    public Seen Returned(Mail.Returned returned, Seen seen)
    {
        _lanes.Return(returned);
        // Whatever a target was asked, what counts is what it shows afterwards.
        if (returned.Touched is { } touched) LookAgain(touched);
        return returned.Seen is null ? seen : returned.Seen(seen);
    }

    public TimeSpan UntilLook(Service service, DateTimeOffset now)
    {
        var look = _looked + LookEvery(service) - now;
        var read = _read + Limits.ReadEvery - now;
        return Gauge.QueryOf(service) is not null && read < look ? read : look;
    }

    static TimeSpan LookEvery(Service service) =>
        service.Run is null or { Step: Step.Wait } or { Mode: Mode.Paused } ? Limits.LookEverySlowly : Limits.LookEvery;

    bool Look(Service service, Place place)
    {
        var name = service.Name;
        if (place == Place.Metrics) return Read(service);
        return _lanes.Offer($"look at {place}", Limits.LookTimeout, null, place switch
        {
            Place.Fleets => async cancel => await _ports.Fleets.Look(name, cancel) is var found ? seen => seen with { Fleets = found } : null,
            Place.Routes => async cancel => await _ports.Router.Look(name, cancel) is var found ? seen => seen with { Table = found } : null,
            Place.Settings => async cancel => await _ports.Settings.Look(name, cancel) is var found ? seen => seen with { Settings = found } : null,
            _ => throw new UnreachableException(),
        });
    }

    bool Read(Service service)
    {
        if (_ports.Metrics is not { } metrics || Gauge.QueryOf(service) is not { } query) return true;
        return _lanes.Offer("read metrics", Limits.LookTimeout, null, async cancel =>
        {
            _post(new Mail.Counted(service.Releases, await metrics.Read(query, cancel)));
            return null;
        });
    }

    void Carry(Service s, Effect effect)
    {
        switch (effect)
        {
            case Effect.Resize x:
                var order = new FleetOrder(s.Name, s.RevisionOf(x.Fleet), x.Size, x.Since)
                {
                    MinReady = s.Run?.Budget.MinReady ?? TimeSpan.Zero,
                    Hurried = s.Run is { Hurried: true },
                };
                Do($"fleet {x.Fleet}", Place.Fleets, cancel => _ports.Fleets.Resize(order, cancel));
                break;
            case Effect.Apply x:
                Do("route", Place.Routes, cancel => _ports.Router.Apply(new(s.Name, x.Table, x.Since), cancel));
                break;
            case Effect.Set x:
                Do($"setting {x.Name}", Place.Settings, cancel => _ports.Settings.Set(new(s.Name, x.Name, x.Value, x.Since), cancel));
                break;
            case Effect.Ask x:
                Ask(s, x);
                break;
            default:
                throw new UnreachableException();
        }
    }

    void Do(string lane, Place touches, Func<CancellationToken, Task> call) => _lanes.Offer(lane, Limits.CallTimeout, touches, async cancel =>
    {
        await call(cancel);
        return null;
    });

    /// <summary>Asked until it is answered: a lost answer is asked for again under the same id.</summary>
    void Ask(Service s, Effect.Ask x) => _lanes.Offer($"ask {x.Since}", x.Question.Timeout, null, async cancel =>
    {
        var answer = await _ports.Jobs.Do(new($"{s.Name}/{x.Since}", s, x.Question), cancel);
        _post(new Mail.Answered(x.Since, answer));
        return null;
    });
}

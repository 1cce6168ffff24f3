using System.Diagnostics;
using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Services;

namespace Slipway.Running;

/// <summary>What a runner does to the world: looks at it, and carries out what converging asks for.</summary>
sealed class Hands
{
    const string Fleets = "look at fleets", Routes = "look at routes", Settings = "look at settings";
    static readonly string[] Everywhere = [Fleets, Routes, Settings];

    readonly Ports _ports;
    readonly TimeProvider _time;
    readonly Func<Service, Seen, IEnumerable<Effect>> _converge;
    readonly Action<Mail> _post;
    readonly Lanes _lanes;
    readonly HashSet<string> _wanted = [.. Everywhere];
    DateTimeOffset _looked = DateTimeOffset.MinValue;

    public Hands(Ports ports, TimeProvider time, Func<Service, Seen, IEnumerable<Effect>> converge, Action<Mail> post)
    {
        (_ports, _time, _converge, _post) = (ports, time, converge, post);
        _lanes = new Lanes(time, post);
    }

    public void LookAgain() => _wanted.UnionWith(Everywhere);

    public void Do(Service service, Seen seen)
    {
        if (!service.Registered && service.Want.Fleets.Count == 0) return;
        foreach (var effect in _converge(service, seen)) Carry(service, effect);

        var now = _time.GetUtcNow();
        if (UntilLook(service, now) <= TimeSpan.Zero)
        {
            LookAgain();
            _looked = now;
        }

        // A place whose lane is busy or resting stays wanted.
        foreach (var place in Everywhere)
            if (_wanted.Contains(place) && Look(service.Name, place)) _wanted.Remove(place);
    }

    public Seen Returned(Mail.Returned returned, Seen seen)
    {
        _lanes.Return(returned);
        // Whatever a target was asked, what counts is what it shows afterwards.
        if (Array.IndexOf(Everywhere, returned.Lane) < 0) LookAgain();
        return returned.Seen is null ? seen : returned.Seen(seen);
    }

    public TimeSpan UntilLook(Service service, DateTimeOffset now)
    {
        var every = service.Run is null or { Step: Step.Wait } or { Mode: Mode.Paused } ? Limits.LookEverySlowly : Limits.LookEvery;
        return _looked + every - now;
    }

    bool Look(string name, string place) => _lanes.Offer(place, Limits.LookTimeout, place switch
    {
        Fleets => async cancel => await _ports.Fleets.Look(name, cancel) is var found ? seen => seen with { Fleets = found } : null,
        Routes => async cancel => await _ports.Router.Look(name, cancel) is var found ? seen => seen with { Table = found } : null,
        _ => async cancel => await _ports.Settings.Look(name, cancel) is var found ? seen => seen with { Settings = found } : null,
    });

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
                Do($"fleet {x.Fleet}", cancel => _ports.Fleets.Resize(order, cancel));
                break;
            case Effect.Apply x:
                Do("route", cancel => _ports.Router.Apply(new(s.Name, x.Table, x.Since), cancel));
                break;
            case Effect.Set x:
                Do($"setting {x.Name}", cancel => _ports.Settings.Set(new(s.Name, x.Name, x.Value, x.Since), cancel));
                break;
            case Effect.Ask x:
                Ask(s, x);
                break;
            default:
                throw new UnreachableException();
        }
    }

    void Do(string lane, Func<CancellationToken, Task> call) => _lanes.Offer(lane, Limits.CallTimeout, async cancel =>
    {
        await call(cancel);
        return null;
    });

    /// <summary>Asked until it is answered: a lost answer is asked for again under the same id.</summary>
    void Ask(Service s, Effect.Ask x) => _lanes.Offer($"ask {x.Since}", x.Question.Timeout, async cancel =>
    {
        var answer = await _ports.Jobs.Do(new($"{s.Name}/{x.Since}", s, x.Question), cancel);
        _post(new Mail.Answered(x.Since, answer));
        return null;
    });
}

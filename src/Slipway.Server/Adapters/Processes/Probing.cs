using Slipway.Health;
using Slipway.Specification;

namespace Slipway.Adapters.Processes;

/// <summary>Keeps asking one instance, each probe in its own rhythm, until it is disposed.</summary>
sealed class Probing : IDisposable
{
    const string Failed = "The answer of a probe was not dealt with";

    readonly Ground _ground;
    readonly Launch _launch;
    readonly int _port;
    readonly Func<ProbeKind, bool> _asks;
    readonly Action<ProbeResult> _tell;
    volatile bool _over;

    Probing(Ground ground, Launch launch, int port, Func<ProbeKind, bool> asks, Action<ProbeResult> tell) =>
        (_ground, _launch, _port, _asks, _tell) = (ground, launch, port, asks, tell);

    public static Probing Begin(Ground ground, Instance instance, Action<ProbeResult> tell)
    {
        var probing =
            new Probing(ground, instance.Launch!, instance.Record.Port, kind => instance.Vitals.Asks(kind), tell);
        foreach (var kind in Enum.GetValues<ProbeKind>())
            if (instance.Vitals.ProbeOf(kind) is { } probe)
                probing.Plan(kind, probe, probe.Delay);
        return probing;
    }

    public void Dispose() => _over = true;

    void Plan(ProbeKind kind, ProbeSpec probe, TimeSpan after) =>
        _ground.After(after, Failed, () => _ = _ground.Troubles.Guard(Failed, () => Ask(kind, probe)));

    async Task Ask(ProbeKind kind, ProbeSpec probe)
    {
        if (_over) return;
        var asked = _asks(kind);
        if (asked)
        {
            var result = await _ground.Prober.Ask(kind, probe, _launch, _port);
            if (_over) return;
            _ground.Troubles.Guard(Failed, () => _tell(result)); // and goes on asking
        }

        Plan(kind, probe, asked || probe.Every < Limits.GateEvery ? probe.Every : Limits.GateEvery);
    }
}

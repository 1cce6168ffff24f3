using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Running;
using Slipway.Simulation.Harness;

namespace Slipway.Simulation.World;

/// <summary>Flags and schema phases.</summary>
public sealed class SimSettings(Harness.Simulation simulation, Invariants invariants)
{
    readonly SortedDictionary<string, SeenSetting> _all = new(StringComparer.Ordinal);

    public string? ValueOf(string name) => _all.GetValueOrDefault(name)?.Value;

    public bool Set(SettingOrder order)
    {
        if (_all.TryGetValue(order.Name, out var now) && order.Since < now.Since)
            throw new OutdatedException(order.Name, order.Since, now.Since);
        if (now?.Since == order.Since && now.Value == order.Value) return true;
        invariants.Setting(order);
        simulation.Log($"{order.Name} is {order.Value ?? "unset"} since {order.Since}");
        _all[order.Name] = new(order.Name, order.Value, order.Since);
        return true;
    }

    public Seq<SeenSetting> Look() => _all.Values.ToSeq();
}

public sealed class NodeSettings(SimSettings settings, Wire wire, Node node) : ISettings
{
    public Task Set(SettingOrder order, CancellationToken cancel) =>
        wire.Call(node, $"set {order.Name} since {order.Since}", () => settings.Set(order));

    public Task<Seq<SeenSetting>> Look(string service, CancellationToken cancel) =>
        wire.Call(node, "look at settings", settings.Look);
}

/// <summary>Checks and hooks: asked twice they may answer differently, as in life, but one id has one answer.</summary>
public sealed class SimJobs(Harness.Simulation simulation, Swarm swarm)
{
    readonly Dictionary<string, JobAnswer> _answers = new(StringComparer.Ordinal);

    public JobAnswer Do(Job job)
    {
        if (_answers.TryGetValue(job.Id, out var known)) return known;
        var isBroken = job.Question is Question.Check check
            && Swarm.IsBroken(job.Service.RevisionOf(check.Fleet).Version);
        var passed = !isBroken
            ? !simulation.Chance(swarm.CheckFails)
            : !simulation.Chance(swarm.FailsToStart);
        simulation.Log($"job {job.Id} answers {passed}");
        return _answers[job.Id] = new(passed, passed ? "fine" : "not fine");
    }
}

public sealed class NodeJobs(SimJobs jobs, Wire wire, Node node) : IJobs
{
    public Task<JobAnswer> Do(Job job, CancellationToken cancel) =>
        wire.Call(node, $"job {job.Id}", () => jobs.Do(job));
}

using Slipway.Adapters.Processes.Logs;
using Slipway.Health;

namespace Slipway.Adapters.Processes;

/// <summary>
/// The life of an instance: it is started or met again, asked how it is, crashes and comes back, or leaves.
/// </summary>
sealed partial class Keeper
{
    /// <summary>
    /// The intent is on the disk before the process is there: a crash in between leaves no process without a record.
    /// </summary>
    void Launch_NeedsLock(Instance instance)
    {
        int? port = null;
        try
        {
            port = ground.Ports.Take(Launch.SpecOf(instance.Revision).Ports);
            instance.Set(known => known with { Port = port.Value, Process = null, ReadySince = null });
            Commit_NeedsLock(_record);
            var launch = instance.Launch = Launch.Of(ground, _record, instance.Record);
            Directory.CreateDirectory(Path.GetDirectoryName(launch.Log)!);
            instance.LogFrom = File.Exists(launch.Log) ? new FileInfo(launch.Log).Length : 0;
            var pid = Native.Spawn(launch.Line, launch.Directory,
                launch.Environment.Select(setting => $"{setting.Name}={setting.Value}"), launch.Log);
            var pidfd = Native.Watch(pid);
            Set_NeedsLock(instance, known => known with { Process = ProcessIdentity.OfChild(pid) });
            instance.Vitals = Vitals.Of(launch.Health, ground.Now);
            Watch_NeedsLock(instance, pidfd);
        }
        catch (Exception e) // Whatever it is that this machine does not give: one instance has failed, not all.
        {
            if (port is { } taken) ground.Ports.Release(taken);
            Crashed_NeedsLock(instance, $"could not be started: {e.Message}", ended: false);
        }
    }

    void Adopt_NeedsLock(Instance instance)
    {
        var marker = Launch.MarkerOf(ground, _record.Service, instance.Record.Name);
        var found = instance.Record.Process ?? Session.Find(marker);
        if (found?.Open() is not { } pidfd)
        {
            if (instance.Record.Process is { } gone) Session.KillLeft(gone.Pid, marker);
            if (instance.Record.IsLeaving) Remove_NeedsLock(instance);
            else if (instance.Record.Process is null) Launch_NeedsLock(instance);
            else Crashed_NeedsLock(instance, "ended while nobody watched", ended: true);
            return;
        }

        ground.Ports.Keep(instance.Record.Port);
        instance.Launch = Surroundings(instance);
        instance.Vitals = Vitals.Known(instance.Launch.Health, instance.Record.ReadySince, ground.Now);
        Set_NeedsLock(instance, known => known with { Process = found });
        Watch_NeedsLock(instance, pidfd);
        if (instance.Record.IsLeaving) Stop_NeedsLock(instance);
    }

    /// <summary>
    /// Only probes that are commands need them: a variable that has gone is no reason to lose a living instance.
    /// </summary>
    Launch Surroundings(Instance instance)
    {
        try
        {
            return Launch.Of(ground, _record, instance.Record);
        }
        catch (Exception)
        {
            return Launch.Unknown(_record.Revision);
        }
    }

    /// <summary>Health may change while instances run; what they are made of does not.</summary>
    void Follow_NeedsLock(Releases.Revision revision)
    {
        foreach (var instance in _instances)
        {
            var probed = instance.Revision.Spec.Health != revision.Spec.Health;
            instance.Revision = revision;
            if (!probed || instance.Pidfd is not { } pidfd || instance.Record.IsLeaving) continue;
            instance.Probing?.Dispose();
            instance.Launch = Surroundings(instance);
            instance.Vitals = Vitals.Known(instance.Launch.Health, instance.Record.ReadySince, ground.Now);
            instance.Probing = Probing.Begin(ground, instance, result => Heard(instance, pidfd, result));
        }
    }

    void Watch_NeedsLock(Instance instance, int pidfd)
    {
        instance.Pidfd = pidfd;
        instance.MemoryKillsBefore = MemoryKills.Count();
        ground.Exits.Watch(pidfd, () => Ended(instance, pidfd));
        instance.Probing = Probing.Begin(ground, instance, result => Heard(instance, pidfd, result));
        Noticed_NeedsLock(instance, wasReady: false);
    }

    void Heard(Instance instance, int pidfd, ProbeResult result)
    {
        lock (_gate)
        {
            if (_over || instance.Pidfd != pidfd || instance.Record.IsLeaving || instance.Condemned is not null) return;
            var (wasReady, health) = (instance.Vitals.IsReady, instance.Vitals.Health);
            instance.Vitals = instance.Vitals.Next(result, ground.Now);
            if (!wasReady && instance.Vitals.IsReady && IsAnsweredBySomebodyElse(instance))
            {
                instance.LosesPort = true;
                Condemn_NeedsLock(instance, $"another program answers on port {instance.Record.Port}");
            }
            else if (instance.Vitals.MustRestart)
                Condemn_NeedsLock(instance, $"{result.Kind} failed: {instance.Vitals.Why}");
            else if (wasReady != instance.Vitals.IsReady) Noticed_NeedsLock(instance, wasReady);
            else if (health == instance.Vitals.Health) return;
        }

        changed();
    }

    /// <summary>
    /// Readiness is recorded, so that a new life of ours does not begin with taking everything out of the traffic.
    /// </summary>
    void Noticed_NeedsLock(Instance instance, bool wasReady)
    {
        if (instance.Condemned is not null || instance.Record.IsLeaving) return;
        Set_NeedsLock(instance, known => known with
        {
            ReadySince = instance.Vitals.ReadySince,
            WasReady = known.WasReady || instance.Vitals.IsReady,
            Status = known.Status == InstanceStatus.Failed && !instance.IsReady ? known.Status : instance.Vitals.Status,
            Why = instance.Vitals is { IsReady: false, Why.Length: > 0 } ? instance.Vitals.Why : known.Why,
        });
        if (instance.IsReady) instance.PortsLost = 0;
        if (!wasReady && instance.IsReady && _record.MinReady > TimeSpan.Zero)
            ground.After(_record.MinReady, $"A change of {_record.Service} was not heard", changed);
    }

    bool IsAnsweredBySomebodyElse(Instance instance) =>
        instance is { Record.Process: { } process, Launch.Listens: true }
        && Listener.BelongsTo(instance.Record.Port,
            Session.Members(process.Pid, Launch.MarkerOf(ground, _record.Service, instance.Record.Name))) == false;

    void Condemn_NeedsLock(Instance instance, string why)
    {
        instance.Condemned = why;
        Set_NeedsLock(instance, known => known with { ReadySince = null, Why = why });
        Signal_NeedsLock(instance);
    }

    void Ended(Instance instance, int pidfd)
    {
        lock (_gate)
        {
            if (_over || instance.Pidfd != pidfd) return;
            var marker = Launch.MarkerOf(ground, _record.Service, instance.Record.Name);
            if (instance.Record.Process is { } left && StillEnds_NeedsLock(instance, left, marker))
            {
                ground.After(Limits.LeftLookedAt, $"{instance.Record.Name} was not seen to end",
                    () => Ended(instance, pidfd));
                return;
            }

            instance.EndsBy = null;
            if (instance.Record.Process is { } process)
                ground.Troubles.Guard($"What {instance.Record.Name} has started was not ended",
                    () => Session.KillLeft(process.Pid, marker));
            var end = Native.Reap(pidfd) ?? "an unknown exit code";
            Native.Close(pidfd);
            instance.Probing?.Dispose();
            instance.Pidfd = null;
            ground.Ports.Release(instance.Record.Port);
            if (instance.Condemned is null && MemoryKills.Ended(end, instance.MemoryKillsBefore))
            {
                end += ", out of memory";
                if (!instance.Record.IsLeaving) _record = _record with { OutOfMemory = _record.OutOfMemory + 1 };
            }

            if (instance.Record.IsLeaving) Remove_NeedsLock(instance);
            else if (!LostPort_NeedsLock(instance))
                Crashed_NeedsLock(
                    instance, instance.Condemned ?? $"ended by itself with {end}{LastWordsOf(instance)}", ended: true);
        }

        changed();
    }

    string LastWordsOf(Instance instance) =>
        LastWords.Of(OutputOf(instance)) is { Length: > 0 } words ? $", its last words: {words}" : "";

    /// <summary>
    /// The port was taken between our look and its own: no fault of the version, so it gets another at once.
    /// </summary>
    bool LostPort_NeedsLock(Instance instance)
    {
        var lost = instance.LosesPort || (instance is { Launch.Listens: true, Record.ReadySince: null, Condemned: null }
            && LastWords.SpeakOfPort(OutputOf(instance)));
        instance.LosesPort = false;
        if (!lost) return false;
        if (instance.PortsLost == Limits.PortsTried)
        {
            instance.PortsLost = 0;
            return false;
        }

        instance.PortsLost++;
        instance.Condemned = null;
        var why = $"port {instance.Record.Port} was taken by another program, so another one was tried";
        Set_NeedsLock(instance, known => known with { Process = null, ReadySince = null, Why = why });
        Launch_NeedsLock(instance);
        return true;
    }

    /// <summary>The last of what it has said since it was started.</summary>
    string OutputOf(Instance instance)
    {
        if (instance.Launch is not { Log: { Length: > 0 } log }) return "";
        var page = new LogPage("", 0, "");
        ground.Troubles.Guard($"{log} was not read", () =>
        {
            var file = new LogFile(log, instance.Record.Name, null, null);
            page = file.Read(Math.Max(instance.LogFrom, file.Length - Limits.LastWordsRead));
        });
        return page.Text + page.Rest;
    }

    /// <summary>It comes back, a little later each time; what crashes again and again is said to have failed.</summary>
    void Crashed_NeedsLock(Instance instance, string why, bool ended)
    {
        if (ended) _record = _record with { Restarts = _record.Restarts + 1 };
        var recovered = instance.Record.ReadySince is { } since && ground.Now - since >= Limits.Recovered;
        var crashes = recovered ? 1 : instance.Record.Crashes + 1;
        instance.Condemned = null;
        Set_NeedsLock(instance, known => known with
        {
            Process = null,
            ReadySince = null,
            Crashes = crashes,
            Why = why,
            Status = crashes > Limits.CrashesTolerated ? InstanceStatus.Failed : InstanceStatus.Starting,
        });
        ground.After(Limits.BackOff(crashes), $"{instance.Record.Name} was not started again", () => Return(instance));
    }

    void Return(Instance instance)
    {
        lock (_gate)
        {
            if (_over || instance.Lives || !_instances.Contains(instance)) return;
            Launch_NeedsLock(instance);
        }

        changed();
    }
}

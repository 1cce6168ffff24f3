using Slipway.Health;

namespace Slipway.Adapters.Processes;

/// <summary>How an instance leaves: let go of by those in front, asked to end, in the end by force.</summary>
sealed partial class Keeper
{
    const int Kill = 9;

    void Retire_NeedsLock(Instance instance, bool hurried)
    {
        if (!instance.Lives)
        {
            Remove_NeedsLock(instance);
        }
        else if (instance.IsReady && !hurried)
        {
            var member = instance.Member;
            Set_NeedsLock(instance, known => known with { Status = InstanceStatus.Draining });
            _ = ground.Troubles.Guard($"{instance.Record.Name} was not stopped", () => Drain(instance, member));
        }
        else
        {
            Stop_NeedsLock(instance);
        }
    }

    /// <summary>Whoever cannot say that it is drained gets the time that drains may take.</summary>
    async Task Drain(Instance instance, Routing.Member member)
    {
        await Task.Yield(); // the order is answered first
        changed();
        using var expiry = new CancellationTokenSource(instance.Revision.Spec.Traffic.Drain, ground.Time);
        try
        {
            await ground.Settings.Members.Drained(_record.Service, member, expiry.Token).WaitAsync(expiry.Token);
        }
        catch (Exception)
        {
            await Expired(expiry.Token);
        }

        lock (_gate)
        {
            if (!_over && instance.Record.Status == InstanceStatus.Draining) Stop_NeedsLock(instance);
        }
    }

    static async Task Expired(CancellationToken token)
    {
        var expired = new TaskCompletionSource();
        await using var registration = token.Register(expired.SetResult);
        await expired.Task;
    }

    void Stop_NeedsLock(Instance instance)
    {
        instance.Probing?.Dispose();
        Set_NeedsLock(instance, known => known with { Status = InstanceStatus.Stopping, ReadySince = null });
        Signal_NeedsLock(instance);
    }

    /// <summary>
    /// To the whole group, since a leader that is a script would leave its server behind; in the end by force.
    /// </summary>
    void Signal_NeedsLock(Instance instance)
    {
        if (instance.Pidfd is not { } pidfd || instance.Record.Process is not { } process) return;
        var stop = Launch.SpecOf(instance.Revision).Stop;
        instance.EndsBy = ground.Now + stop.Grace;
        if (ProcessIdentity.Of(process.Pid) == process) Native.SignalGroup(process.Pid, Signals.Of(stop.Signal));
        ground.After(stop.Grace, $"{instance.Record.Name} was not ended by force", () =>
        {
            lock (_gate)
                if (!_over && instance.Pidfd == pidfd && ProcessIdentity.Of(process.Pid) == process)
                    Native.SignalGroup(process.Pid, Kill);
        });
    }

    /// <summary>
    /// The first process of an instance may be a script that is gone at once, while its server finishes what it has.
    /// Not waited for, the first one keeps its number, and so the group its.
    /// </summary>
    bool StillEnds_NeedsLock(Instance instance, ProcessIdentity process, string marker)
    {
        if (ground.Now >= instance.EndsBy || instance.EndsBy is null) return false;
        return Session.Members(process.Pid, marker).Any();
    }

    void Remove_NeedsLock(Instance instance)
    {
        _instances.Remove(instance);
        Note_NeedsLock();
    }
}

using Slipway.Adapters.Files;

namespace Slipway.Adapters.Processes;

/// <summary>
/// What is on the disk. An intention has to be there before anything follows from it. What has happened anyway goes on
/// without: a disk that is full must not take the traffic from anybody, nor leave it with one that says no.
/// </summary>
sealed partial class Keeper
{
    bool _unsaved;

    /// <summary>Throws when it cannot be kept; nothing has changed then.</summary>
    void Commit_NeedsLock(FleetRecord next)
    {
        next = next with { Instances = _instances.Select(instance => instance.Record).ToSeq() };
        JsonFile.Write(path, next);
        _record = next;
    }

    /// <summary>
    /// The disk hears of it as soon as it can. A new life that reads what is older finds the processes all the same.
    /// </summary>
    void Note_NeedsLock()
    {
        try
        {
            Commit_NeedsLock(_record);
        }
        catch (Exception e)
        {
            if (_unsaved) return;
            _unsaved = true;
            ground.Troubles.Tell($"{path} could not be written, and is tried again: make room on that disk", e.Message);
            NoteAgain_NeedsLock();
        }
    }

    void NoteAgain_NeedsLock() => ground.After(Limits.NoteAgain, $"{path} could not be written", () =>
    {
        lock (_gate)
        {
            if (_over) return;
            try
            {
                Commit_NeedsLock(_record);
                _unsaved = false;
            }
            catch (Exception)
            {
                NoteAgain_NeedsLock();
            }
        }
    });

    void Set_NeedsLock(Instance instance, Func<InstanceRecord, InstanceRecord> change)
    {
        instance.Set(change);
        Note_NeedsLock();
    }
}

using Slipway.Adapters.Files;
using Slipway.Adapters.Postgres;
using Slipway.Adapters.Sqlite;

namespace Slipway;

/// <summary>
/// Whether this control plane is the one that acts. Two things have to be its own: the lease, which nodes anywhere
/// agree on, and the folder, whose processes only one may keep at any moment, whatever clocks say.
/// </summary>
sealed class Acting(string folder, PostgresLease? lease, TimeProvider time) : IDisposable
{
    static readonly TimeSpan FolderAgain = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan FolderTold = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _one = new(1);
    InstanceLock? _held;
    bool _tookUp;

    /// <summary>
    /// The lease ended for now: what was taken up is kept, since nobody else may take it, and nothing new is done.
    /// </summary>
    public bool Now => _tookUp && (lease is null || lease.IsHeld);

    /// <summary>What is kept here is kept by nobody else.</summary>
    public bool TookUp => _tookUp;

    /// <summary>
    /// Ends when the folder is ours and everything is taken up; false when the lease has gone elsewhere meanwhile.
    /// </summary>
    public async Task<bool> Begin(Func<Task> takeUp, Action<string> tell, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            if (_tookUp) return true;
            // With a journal of its own, opening that has taken the folder already.
            if (lease is not null && !await Take(lease, tell, cancel)) return false;
            await takeUp();
            return _tookUp = true;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _held?.Dispose();
        _one.Dispose();
    }

    async Task<bool> Take(PostgresLease lease, Action<string> tell, CancellationToken cancel)
    {
        var (path, began, told) = (Place.LockOf(folder), time.GetTimestamp(), false);
        while ((_held ??= InstanceLock.TryTake(path)) is null)
        {
            if (!lease.IsHeld) return false;
            if (!told && time.GetElapsedTime(began) > FolderTold)
            {
                told = true;
                tell($"another process still keeps {folder}, though its lease has ended: it is waited for. "
                    + "If it hangs, end it");
            }

            await Task.Delay(FolderAgain, time, cancel);
        }

        return true;
    }
}

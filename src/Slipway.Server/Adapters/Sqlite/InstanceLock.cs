using Slipway.Running;

namespace Slipway.Adapters.Sqlite;

/// <summary>One Slipway per journal. The lock goes with its process, however that ends.</summary>
sealed class InstanceLock : IDisposable
{
    /// <summary>What a lock that is taken answers.</summary>
    const int WouldBlock = 11;

    readonly FileStream held;

    InstanceLock(FileStream held) => this.held = held;

    public static InstanceLock Take(Place place)
    {
        try
        {
            var held = new FileStream(place.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (CanBeTakenTwice(place.Lock))
            {
                held.Dispose();
                throw new JournalException(
                    $"{place.Lock} does not lock, so two Slipways could write one journal: "
                    + "put it on a local file system, "
                    + "and unset DOTNET_SYSTEM_IO_DISABLEFILELOCKING.");
            }
            return new(held);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JournalException(
                $"{place.Lock} cannot be written: give the user that runs Slipway the right to write "
                + $"{place.Folder} and the files in it.", e);
        }
        catch (IOException e) when (e.HResult != WouldBlock)
        {
            throw new JournalException(
                $"{place.Lock} cannot be written: make room on its file system, or mount it for writing. "
                + $"({e.Message})", e);
        }
        catch (IOException e)
        {
            throw new JournalException(
                $"{place.Folder} is in use by another Slipway. To see it: slipway status. "
                + "To have two: another folder with --data.", e);
        }
    }

    public void Dispose() => held.Dispose();

    static bool CanBeTakenTwice(string path)
    {
        try
        {
            using var second = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}

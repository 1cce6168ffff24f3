using Slipway.Running;

namespace Slipway.Adapters.Files;

/// <summary>
/// One Slipway per folder keeps what is in it. The lock goes with its process, however that ends.
/// </summary>
sealed class InstanceLock : IDisposable
{
    /// <summary>What a lock that is taken answers.</summary>
    const int WouldBlock = 11;

    readonly FileStream held;

    InstanceLock(FileStream held) => this.held = held;

    public static InstanceLock Take(string path) => TryTake(path) ?? throw new JournalException(
        $"{Path.GetDirectoryName(path)} is in use by another Slipway. To see it: slipway status. "
        + "To have two: another folder with --data.");

    /// <summary>None while another process has it.</summary>
    public static InstanceLock? TryTake(string path)
    {
        try
        {
            var held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (!CanBeTakenTwice(path)) return new(held);
            held.Dispose();
            throw new JournalException(
                $"{path} does not lock, so two Slipways could write one journal: "
                + "put it on a local file system, "
                + "and unset DOTNET_SYSTEM_IO_DISABLEFILELOCKING.");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JournalException(
                $"{path} cannot be written: give the user that runs Slipway the right to write "
                + $"{Path.GetDirectoryName(path)} and the files in it.", e);
        }
        catch (IOException e) when (e.HResult != WouldBlock)
        {
            throw new JournalException(
                $"{path} cannot be written: make room on its file system, or mount it for writing. "
                + $"({e.Message})", e);
        }
        catch (IOException)
        {
            return null;
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

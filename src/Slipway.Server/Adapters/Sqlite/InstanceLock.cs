using System.Globalization;
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
                    $"{place.Lock} does not lock, so two Slipways could write one journal: put it on a local file system, "
                    + "and unset DOTNET_SYSTEM_IO_DISABLEFILELOCKING.");
            }
            SayWho(held);
            return new(held);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JournalException(
                $"The folder {place.Folder} cannot be written: give the user that runs Slipway the right to write there.", e);
        }
        catch (IOException e) when (e.HResult != WouldBlock)
        {
            throw new JournalException($"{place.Lock} cannot be written ({e.Message}): the folder must be writable.", e);
        }
        catch (IOException e)
        {
            throw new JournalException(
                $"{place.Folder} is in use by another Slipway{Holder(place.Lock)}: stop that one, or use another folder.", e);
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

    static void SayWho(FileStream held)
    {
        // On a full disk the lock has to hold all the same: the name of its holder is a courtesy.
        try
        {
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            held.Flush();
        }
        catch (IOException)
        {
        }
    }

    static string Holder(string path)
    {
        try
        {
            // Sharing everything is the one way to read past the lock.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return int.TryParse(reader.ReadToEnd(), out var process) ? $" (process {process})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}

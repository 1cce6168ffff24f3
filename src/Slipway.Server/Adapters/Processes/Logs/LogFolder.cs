using Microsoft.Win32.SafeHandles;

namespace Slipway.Adapters.Processes.Logs;

/// <summary>
/// Keeps what instances say within bounds, since a program that talks without end would fill the disk within minutes.
/// The front of a file is given back to the disk as a hole: nothing is lost that is still to come, offsets stay.
/// </summary>
sealed class LogFolder(string folder, Troubles troubles, Func<long> free)
{
    const int Block = 4096;

    bool _low, _cannotPunch;

    /// <summary>True when something had to be cut, so that it is likely to be needed again soon.</summary>
    /// <param name="used">Files of instances that are there: they are cut, never deleted.</param>
    public bool Sweep(IReadOnlySet<string> used)
    {
        if (!Directory.Exists(folder)) return false;
        var cut = false;
        CheckDisk();
        foreach (var service in Directory.EnumerateDirectories(folder))
        {
            var ended = new List<FileInfo>();
            foreach (var file in new DirectoryInfo(service).EnumerateFiles("*.log"))
            {
                troubles.Guard($"{file.FullName} was not cut", () => cut |= Trim(file));
                if (!used.Contains(file.FullName)) ended.Add(file);
            }

            Forget(ended);
        }

        return cut;
    }

    /// <summary>What it takes on the disk.</summary>
    public static long SizeOf(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return SizeOf(file);
    }

    /// <summary>
    /// Where the file system knows no holes: the end is copied to the front. What is said meanwhile may be lost.
    /// </summary>
    public static void BeginAnew(SafeFileHandle file, long length, int keep)
    {
        var end = new byte[Math.Min(keep, length)];
        var read = RandomAccess.Read(file, end, length - end.Length);
        RandomAccess.SetLength(file, 0);
        RandomAccess.Write(file, end.AsSpan(0, read), 0);
    }

    bool Trim(FileInfo info)
    {
        var (most, keep) = _low ? (Limits.LogMaxLow, Limits.LogKeptLow) : (Limits.LogMax, Limits.LogKept);
        if (info.Length <= most) return false;
        using var file = File.OpenHandle(
            info.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (SizeOf(file) <= most) return false;
        var length = RandomAccess.GetLength(file);
        if (!_cannotPunch && Native.PunchHole(file, (length - keep) / Block * Block)) return true;
        if (!_cannotPunch)
            troubles.Tell($"The logs in {folder} are cut by copying, which may lose lines",
                "its file system cannot give back the front of a file: ext4, XFS, Btrfs and tmpfs can");
        _cannotPunch = true;
        BeginAnew(file, length, Limits.LogTailMax);
        return true;
    }

    /// <summary>Of instances that are gone the newest are kept, as long as there is room.</summary>
    void Forget(List<FileInfo> ended)
    {
        var room = _low ? 0 : Limits.LogsEndedMax;
        foreach (var (i, file) in ended.OrderByDescending(file => file.LastWriteTimeUtc).Index())
            troubles.Guard($"{file.FullName} was not looked after", () =>
            {
                room -= SizeOf(file.FullName);
                if (room < 0 || i >= Limits.LogFilesEndedMax) file.Delete();
            });
    }

    void CheckDisk()
    {
        var left = free();
        var low = left < (_low ? Limits.DiskLow * 2 : Limits.DiskLow);
        if (low && !_low)
            troubles.Tell($"Only {left >> 20} MB are free on the disk of {folder}",
                $"logs are cut to {Limits.LogKeptLow >> 20} MB each and those of ended instances deleted: make room");
        _low = low;
    }

    static long SizeOf(SafeFileHandle file) =>
        RandomAccess.GetLength(file) is var length && Native.DataFrom(file, 0) is { } first ? length - first : 0;
}

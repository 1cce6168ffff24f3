using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Slipway.Adapters.Sqlite;

/// <summary>
/// Which file a path leads to. SQLite goes on writing to a file that was deleted or replaced, and all of it is lost:
/// so the writer compares. The file is asked by name: opening and closing it here would drop SQLite's own locks.
/// </summary>
readonly record struct FileIdentity(ulong Device, ulong Number)
{
    const int CurrentFolder = -100, WantNumber = 0x100;

    /// <summary>Null when there is no such file, and where the system cannot tell.</summary>
    public static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var answer = new byte[256];
        if (Statx(CurrentFolder, path, 0, WantNumber, answer) != 0) return null;
        return new(
            BinaryPrimitives.ReadUInt64LittleEndian(answer.AsSpan(136)),
            BinaryPrimitives.ReadUInt64LittleEndian(answer.AsSpan(32)));
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Statx(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] answer);
}

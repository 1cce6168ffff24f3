using Microsoft.Win32.SafeHandles;

namespace Slipway.Adapters.Processes;

static unsafe partial class Native
{
    const int SeekData = 3, KeepSize = 0x1, Punch = 0x2;

    /// <summary>Where the first byte at or behind an offset lies that is no hole; null when there is none.</summary>
    public static long? DataFrom(SafeFileHandle file, long offset) =>
        lseek(file, offset, SeekData) is >= 0 and var found ? found : null;

    /// <summary>
    /// Gives the front of a file back to the disk; everything behind it stays where it is. False where the file system
    /// cannot.
    /// </summary>
    public static bool PunchHole(SafeFileHandle file, long length) =>
        fallocate(file, Punch | KeepSize, 0, length) == 0;
}

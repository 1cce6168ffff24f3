using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Slipway.Gateway.Telemetry;

/// <summary>
/// A file that every write goes to the end of, wherever that is by then: others may write to it too, and cut it.
/// </summary>
sealed partial class LogFile : FileStream
{
    const int WriteOnly = 0x1, Create = 0x40, Append = 0x400, CloseOnExec = 0x80000;
    const uint AsTheUserWishes = 0x1b6;

    readonly string _link, _place;

    /// <summary>Without a buffer of its own: what could not be written is not tried again behind our back.</summary>
    LogFile(SafeFileHandle handle) : base(handle, FileAccess.Write, bufferSize: 0)
    {
        _link = $"/proc/self/fd/{handle.DangerousGetHandle()}";
        _place = Place();
    }

    /// <summary>It lies elsewhere by now, or was deleted.</summary>
    public bool HasMoved => Place() != _place;

    /// <exception cref="IOException">It cannot be written there.</exception>
    public static LogFile Open(string path)
    {
        var descriptor = Open(path, WriteOnly | Create | Append | CloseOnExec, AsTheUserWishes);
        if (descriptor < 0)
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}. It has to be a "
                + "file in a folder that exists and that this user may write to.");
        return new(new SafeFileHandle(descriptor, ownsHandle: true));
    }

    string Place() => new FileInfo(_link).LinkTarget ?? "";

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);
}

using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Slipway.Adapters.Processes;

static unsafe partial class Native
{
    /// <summary>A descriptor that never has anything to say.</summary>
    public const int Nobody = -1;

    const int PipeCloseOnExec = 0x80000;
    const short Anything = 0x1;

    /// <summary>One that no process of ours inherits by chance.</summary>
    public static (int Read, int Write) Pipe()
    {
        var ends = stackalloc int[2];
        return pipe2(ends, PipeCloseOnExec) == 0 ? (ends[0], ends[1]) : throw new Win32Exception();
    }

    /// <summary>0 at the end. Waits while there is neither.</summary>
    public static int Read(int fd, Span<byte> into)
    {
        fixed (byte* buffer = into) return (int)read(fd, buffer, into.Length);
    }

    /// <summary>Waits for either pipe, or for the end of the process: whether that has come.</summary>
    public static bool Wait(int pipe, int other, int pidfd, out bool pipeSays, out bool otherSays)
    {
        var all = stackalloc PollEvent[3];
        (all[0].Fd, all[1].Fd, all[2].Fd) = (pipe, other, pidfd);
        for (var i = 0; i < 3; i++) all[i].Wanted = Anything;
        // Disturbed by a signal it finds nothing, and is called again.
        var found = poll(all, 3, -1) > 0;
        (pipeSays, otherSays) = (found && all[0].Came != 0, found && all[1].Came != 0);
        return found && all[2].Came != 0;
    }

    /// <summary>Whether reading would find something, be it the end.</summary>
    public static bool Has(int fd)
    {
        var one = new PollEvent { Fd = fd, Wanted = Anything };
        return poll(&one, 1, 0) > 0;
    }

    /// <summary>Takes the end of a child of ours that has ended, as a shell tells it.</summary>
    public static int CodeOf(int pidfd)
    {
        const int exited = 1, bySignal = 128;
        var info = stackalloc int[SignalInfoSize / sizeof(int)];
        _ = waitid(WaitByPidfd, pidfd, info, Exited);
        return info[2] == exited ? info[6] : bySignal + info[6];
    }

    [StructLayout(LayoutKind.Sequential)]
    struct PollEvent
    {
        public int Fd;
        public short Wanted;
        public short Came;
    }
}

using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Slipway.Gateway.Transport;

#pragma warning disable IDE1006, CA1707 // The names are those of the C library.
/// <summary>The calls of the kernel that the loop lives on, as the C library has them.</summary>
static unsafe partial class Native
{
    public const int Again = 11, Interrupted = 4, InProgress = 115, Aborted = 103, Protocol = 71, NotPermitted = 1;
    public const int ProcessIsFull = 24, MachineIsFull = 23;

    const int Stream = 1, NonBlocking = 0x800, CloseOnExec = 0x80000, NoSignal = 0x4000;
    const int SocketLevel = 1, ReuseAddress = 2, ErrorOption = 4, TcpLevel = 6, NoDelay = 1, Only6 = 26, Level6 = 41;
    const int KeepAlive = 9, KeepAliveIdle = 4, KeepAliveInterval = 5, KeepAliveCount = 6, UserTimeout = 18;
    const int Monotonic = 1;
    const int OpenFiles = 7, TcpInformation = 11;
    const uint OutQueue = 0x5411;
    const int SpliceMoves = 1, SpliceNonBlocking = 2, PipeSize = 1031;
    const int Add = 1, Remove = 2, CopyCloseOnExec = 1030;

    public static int NewEpoll() => Checked(epoll_create1(CloseOnExec), "epoll_create1");

    public static int NewEvent() => Checked(eventfd(0, NonBlocking | CloseOnExec), "eventfd");

    public static int NewTimer() => Checked(timerfd_create(Monotonic, NonBlocking | CloseOnExec), "timerfd_create");

    /// <summary>Once, after so many milliseconds.</summary>
    public static void SetTimer(int fd, int milliseconds)
    {
        var (seconds, rest) = Math.DivRem(milliseconds, 1000);
        // Interval and first time, each in seconds and nanoseconds.
        var times = stackalloc nint[] { 0, 0, seconds, rest * 1_000_000 };
        _ = timerfd_settime(fd, 0, times, null);
    }

    public static void Watch(int epoll, int fd, uint events, ulong data) =>
        Checked(EpollEvents.Control(epoll, Add, fd, events, data), "epoll_ctl");

    public static void Unwatch(int epoll, int fd) => EpollEvents.Control(epoll, Remove, fd, 0, 0);

    public static int Receive(int fd, Span<byte> into)
    {
        fixed (byte* start = into) return Result(recv(fd, start, into.Length, 0));
    }

    public static int Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes) return Result(send(fd, start, bytes.Length, NoSignal));
    }

    /// <summary>From a socket into a pipe or from a pipe into a socket, without a copy and without waiting.</summary>
    public static int Splice(int from, int to, int most) =>
        Result(splice(from, null, to, null, most, SpliceMoves | SpliceNonBlocking));

    /// <summary>False when the process or the machine has no descriptor for it.</summary>
    public static bool NewPipe(int size, out int output, out int input)
    {
        var ends = stackalloc int[2];
        var opened = pipe2(ends, NonBlocking | CloseOnExec) == 0;
        (output, input) = (ends[0], ends[1]);
        if (opened) _ = fcntl(input, PipeSize, size); // a smaller one does as well
        return opened;
    }

    /// <summary>A connected socket, or the error as a negative number.</summary>
    public static int Accept(int listener, Span<byte> address)
    {
        var length = address.Length;
        fixed (byte* start = address) return Result(accept4(listener, start, &length, NonBlocking | CloseOnExec));
    }

    /// <summary>How many descriptors this process may have: as many as it may allow itself.</summary>
    public static long DescriptorsMax()
    {
        var limits = stackalloc nuint[2]; // what holds, and how far it may be raised
        if (getrlimit(OpenFiles, limits) != 0) return long.MaxValue;
        if (limits[0] < limits[1])
        {
            var before = limits[0];
            limits[0] = limits[1];
            if (setrlimit(OpenFiles, limits) != 0) limits[0] = before;
        }

        return (long)Math.Min(limits[0], long.MaxValue);
    }

    public static int NewSocket(int family) => Result(socket(family, Stream | NonBlocking | CloseOnExec, 0));

    public static int Connect(int fd, ReadOnlySpan<byte> address)
    {
        fixed (byte* start = address) return Result(connect(fd, start, address.Length));
    }

    public static int Bind(int fd, ReadOnlySpan<byte> address, int backlog)
    {
        SetOption(fd, SocketLevel, ReuseAddress, 1);
        fixed (byte* start = address)
            return Result(bind(fd, start, address.Length)) is var failed and < 0 ? failed : Result(listen(fd, backlog));
    }

    public static int NameOf(int fd, Span<byte> address)
    {
        var length = address.Length;
        fixed (byte* start = address) return Result(getsockname(fd, start, &length));
    }

    public static void SendAtOnce(int fd) => SetOption(fd, TcpLevel, NoDelay, 1);

    /// <summary>
    /// Machines that have vanished without a word are noticed within two minutes where nothing is said, and within five
    /// where they acknowledge nothing. What a listening socket accepts inherits this.
    /// </summary>
    public static void NoticeLost(int fd)
    {
        SetOption(fd, SocketLevel, KeepAlive, 1);
        SetOption(fd, TcpLevel, KeepAliveIdle, 60);
        SetOption(fd, TcpLevel, KeepAliveInterval, 15);
        SetOption(fd, TcpLevel, KeepAliveCount, 4);
        SetOption(fd, TcpLevel, UserTimeout, 300_000);
    }

    /// <summary>One socket for both families would answer twice where both are bound.</summary>
    public static void Only6On(int fd) => SetOption(fd, Level6, Only6, 1);

    public static int ErrorOf(int fd)
    {
        int error = 0, length = sizeof(int);
        return getsockopt(fd, SocketLevel, ErrorOption, &error, &length) < 0 ? -1 : error;
    }

    /// <summary>Another descriptor of the same, for somebody else.</summary>
    public static int Copy(int fd) => Checked(fcntl(fd, CopyCloseOnExec, 0), "fcntl");

    /// <summary>Bytes that the other side's system has acknowledged since the connection began.</summary>
    public static long Acknowledged(int fd)
    {
        const int at = 120; // of bytes_acked in the kernel's struct tcp_info
        var information = stackalloc byte[at + sizeof(long)];
        var length = at + sizeof(long);
        return getsockopt(fd, TcpLevel, TcpInformation, (int*)information, &length) == 0
            && length == at + sizeof(long)
            ? *(long*)(information + at)
            : 0;
    }

    /// <summary>Bytes that were sent and are not acknowledged.</summary>
    public static int OnTheWay(int fd)
    {
        var count = 0;
        return ioctl(fd, OutQueue, &count) == 0 ? count : 0;
    }

    public static void EndSending(int fd) => _ = shutdown(fd, 1);

    public static void Close(int fd) => _ = close(fd);

    public static void Wake(int fd)
    {
        var one = 1UL;
        _ = write(fd, &one, sizeof(ulong));
    }

    public static void Drain(int fd)
    {
        ulong count;
        _ = recvOfEvent(fd, &count, sizeof(ulong));
    }

    public static string Message(int error) => Marshal.GetPInvokeErrorMessage(error);

    public static int Checked(int result, string call) => result >= 0
        ? result
        : throw new IOException($"{call} failed: {Message(Marshal.GetLastPInvokeError())}");

    static int Result(nint result) => result >= 0 ? (int)result : -Marshal.GetLastPInvokeError();

    static void SetOption(int fd, int level, int option, int value) =>
        _ = setsockopt(fd, level, option, &value, sizeof(int));

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int timerfd_create(int clock, int flags);

    [LibraryImport("libc")]
    private static partial int timerfd_settime(int fd, int flags, nint* times, nint* before);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int fd, byte* into, nint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int fd, byte* bytes, nint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint splice(int from, long* fromOffset, int to, long* toOffset, nint most, uint flags);

    [LibraryImport("libc")]
    private static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int fd, byte* address, int* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int fd, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(int fd, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int listen(int fd, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockname(int fd, byte* address, int* length);

    [LibraryImport("libc")]
    private static partial int setsockopt(int fd, int level, int option, int* value, int length);

    [LibraryImport("libc")]
    private static partial int getsockopt(int fd, int level, int option, int* value, int* length);

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, nuint* limits);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, nuint* limits);

    [LibraryImport("libc")]
    private static partial int shutdown(int fd, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, int argument);

    [LibraryImport("libc")]
    private static partial int ioctl(int fd, nuint request, int* value);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc")]
    private static partial nint write(int fd, ulong* value, nint size);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint recvOfEvent(int fd, ulong* value, nint size);
}

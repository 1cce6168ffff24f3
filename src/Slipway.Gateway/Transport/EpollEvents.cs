using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Slipway.Gateway.Transport;

/// <summary>What one wait has found. The kernel packs an event into 12 bytes on x64, and takes 16 elsewhere.</summary>
sealed unsafe partial class EpollEvents
{
    public const uint In = 0x1, Out = 0x4, Error = 0x8, Hang = 0x10, PeerEnded = 0x2000;
    public const uint EdgeTriggered = 1u << 31, Exclusive = 1u << 28;

    const int Most = 512;

    static readonly int Size = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    static readonly int DataAt = Size - 8;

    readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Most * 16, pinned: true);
    readonly byte* _start;

    public EpollEvents() => _start = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);

    /// <summary>How many there are; none when the time is over or a signal came.</summary>
    public int Wait(int epoll, int milliseconds) => Math.Max(0, epoll_wait(epoll, _start, Most, milliseconds));

    public (uint Events, ulong Data) this[int index]
    {
        get
        {
            var at = _start + (index * Size);
            return (*(uint*)at, BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(at + DataAt, 8)));
        }
    }

    public static int Control(int epoll, int operation, int fd, uint events, ulong data)
    {
        var one = stackalloc byte[16];
        *(uint*)one = events;
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(one + DataAt, 8), data);
        return epoll_ctl(epoll, operation, fd, one);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int fd, byte* what);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int most, int timeout);
}

using System.Runtime.InteropServices;

namespace Slipway.Gateway.Transport;

#pragma warning disable IDE1006, CA1707 // The names are those of the C library.
/// <summary>Descriptors that go from one process to another, over a socket of the Unix family.</summary>
static unsafe partial class Native
{
    const int Rights = 1, MessageCloseOnExec = 0x40000000, HeadSize = 16;

    struct Part
    {
        public byte* Start;
        public nint Length;
    }

    /// <summary>As 64-bit Linux has it: the compiler leaves the same gaps between the fields.</summary>
    struct Message64
    {
        public byte* Name;
        public uint NameLength;
        public Part* Parts;
        public nint PartCount;
        public byte* Control;
        public nint ControlLength;
        public int Flags;
    }

    /// <summary>One byte, and a descriptor with it.</summary>
    public static void SendDescriptor(int socket, int descriptor)
    {
        byte nothing = 0;
        var control = stackalloc byte[HeadSize + 8];
        var part = new Part { Start = &nothing, Length = 1 };
        *(nint*)control = HeadSize + sizeof(int);
        *(int*)(control + 8) = SocketLevel;
        *(int*)(control + 12) = Rights;
        *(int*)(control + HeadSize) = descriptor;
        var message = new Message64 { Parts = &part, PartCount = 1, Control = control, ControlLength = HeadSize + 8 };
        Checked(Result(sendmsg(socket, &message, NoSignal)), "sendmsg");
    }

    /// <summary>The descriptor that came with the next byte, or −1 when none did.</summary>
    public static int ReceiveDescriptor(int socket)
    {
        byte nothing;
        var control = stackalloc byte[HeadSize + 8];
        var part = new Part { Start = &nothing, Length = 1 };
        var message = new Message64 { Parts = &part, PartCount = 1, Control = control, ControlLength = HeadSize + 8 };
        var received = Result(recvmsg(socket, &message, MessageCloseOnExec));
        var isDescriptor = received == 1 && message.ControlLength >= HeadSize + sizeof(int)
            && *(int*)(control + 8) == SocketLevel && *(int*)(control + 12) == Rights;
        return isDescriptor ? *(int*)(control + HeadSize) : -1;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(int socket, Message64* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int socket, Message64* message, int flags);
}

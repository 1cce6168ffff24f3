using System.Buffers.Binary;

namespace Slipway.Gateway.Http2;

/// <summary>What a frame is (RFC 9113, 6).</summary>
enum FrameKind : byte
{
    Data, Headers, Priority, Reset, Settings, Promise, Ping, GoAway, Window, Continuation,
}

/// <summary>What may be said of a frame; one bit means different things on different kinds.</summary>
static class Flags
{
    public const byte EndStream = 0x1, Acknowledges = 0x1, EndHeaders = 0x4, Padded = 0x8, HasPriority = 0x20;
}

/// <summary>The nine bytes before each frame (RFC 9113, 4.1).</summary>
readonly record struct Frame(int Length, FrameKind Kind, byte Flags, int Strand)
{
    public const int HeadBytes = 9;

    /// <summary>The largest frame that everybody takes, and that we take.</summary>
    public const int LengthMax = 16 * 1024;

    public bool Has(byte flag) => (Flags & flag) != 0;

    public static Frame Read(ReadOnlySpan<byte> head) => new(
        (head[0] << 16) | (head[1] << 8) | head[2], (FrameKind)head[3], head[4],
        BinaryPrimitives.ReadInt32BigEndian(head[5..]) & int.MaxValue);

    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteInt32BigEndian(into, (Length << 8) | (byte)Kind);
        into[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(into[5..], Strand);
    }
}

/// <summary>What one side says when something ends before its time (RFC 9113, 7).</summary>
enum ErrorCode
{
    None, Protocol, Internal, FlowControl, SettingsTimeout, StreamClosed, FrameSize, Refused, Cancel, Compression,
    Connect, Calm, Security, Http11Required,
}

/// <summary>What one side may ask of the other (RFC 9113, 6.5.2).</summary>
enum Setting
{
    HeaderTableSize = 1, EnablePush, Streams, InitialWindow, FrameSize, HeaderListSize, NoPriorities = 9,
}

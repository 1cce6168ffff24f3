using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Slipway.Adapters.Journals;
using Slipway.Running;

namespace Slipway.Adapters.Sqlite;

/// <summary>
/// SQLite does not notice when bytes of a row change. So each event carries a checksum over itself and the checksum of
/// the event before it: no event of a stream can be changed, dropped or moved without this being seen when it is read.
/// </summary>
static class Chain
{
    static readonly byte[] Beginning = new byte[SHA256.HashSizeInBytes];

    public static byte[] Start => Beginning;

    public static byte[] Next(ReadOnlySpan<byte> before, string stream, Line line)
    {
        var text = new ArrayBufferWriter<byte>(256 + line.Body.Length);
        text.Write(before);
        Put(text, stream);
        Put(text, line.Sequence);
        Put(text, line.At);
        Put(text, line.By);
        Put(text, line.Command);
        Put(text, line.Body);
        return SHA256.HashData(text.WrittenSpan);
    }

    /// <summary>
    /// A snapshot is bound to the event that it was folded up to: without that very event it is worthless.
    /// </summary>
    public static byte[] Of(SavedFold snapshot, ReadOnlySpan<byte> upTo)
    {
        var text = new ArrayBufferWriter<byte>(256 + snapshot.State.Length);
        text.Write(upTo);
        Put(text, snapshot.Sequence);
        Put(text, snapshot.StateVersion);
        Put(text, snapshot.State);
        return SHA256.HashData(text.WrittenSpan);
    }

    static void Put(ArrayBufferWriter<byte> text, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(text.GetSpan(sizeof(long)), number);
        text.Advance(sizeof(long));
    }

    // The length goes first, so that no text can flow over into its neighbour; no text has a length of its own.
    static void Put(ArrayBufferWriter<byte> text, string? value)
    {
        Put(text, value is null ? -1 : Encoding.UTF8.GetByteCount(value));
        if (value is not null) Encoding.UTF8.GetBytes(value, text);
    }
}

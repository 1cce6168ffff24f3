using System.Buffers.Binary;
using System.Text;
using Slipway.Gateway.Forwarding;

namespace Slipway.Gateway.Http2;

/// <summary>A client that says of HTTP/2 exactly what a test wants, also what is wrong.</summary>
sealed class Speaker(Peer peer) : IDisposable
{
    public const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    readonly FieldTable _table = new(0);

    /// <summary>A frame as it came.</summary>
    public sealed record Heard(FrameKind Kind, byte Flags, int Strand, byte[] Payload)
    {
        public bool EndsStream => (Flags & Http2.Flags.EndStream) != 0;
        public int Number => BinaryPrimitives.ReadInt32BigEndian(Payload);
        public ErrorCode Code => Kind is FrameKind.Reset or FrameKind.GoAway
            ? (ErrorCode)BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(Payload.Length - 4))
            : ErrorCode.None;
        public string Text => Encoding.Latin1.GetString(Payload);
    }

    public static async Task<Speaker> To(Rig rig, params (Setting Setting, int Value)[] settings)
    {
        var speaker = new Speaker(await rig.Connect());
        await speaker.Send(Preface);
        await speaker.Say(settings);
        (await speaker.Hear()).Kind.ShouldBe(FrameKind.Settings);
        (await speaker.Hear()).ShouldBe(FrameKind.Window, 0);
        (await speaker.Hear()).Flags.ShouldBe(Flags.Acknowledges);
        return speaker;
    }

    public Task Send(string text) => peer.Send(text);

    public Task Send(ReadOnlyMemory<byte> bytes) => peer.Send(bytes);

    public Task Say(params (Setting Setting, int Value)[] settings)
    {
        var payload = new byte[settings.Length * SettingsFrame.EntryBytes];
        for (var i = 0; i < settings.Length; i++)
            SettingsFrame.Write(payload, i, settings[i].Setting, settings[i].Value);
        return Say(FrameKind.Settings, 0, 0, payload);
    }

    public Task Say(FrameKind kind, byte flags, int strand, params byte[] payload) =>
        peer.Send(FrameOf(kind, flags, strand, payload));

    public static byte[] FrameOf(FrameKind kind, byte flags, int strand, byte[] payload)
    {
        var bytes = new byte[Frame.HeadBytes + payload.Length];
        new Frame(payload.Length, kind, flags, strand).Write(bytes);
        payload.CopyTo(bytes.AsSpan(Frame.HeadBytes));
        return bytes;
    }

    public Task Say(FrameKind kind, int strand, int number) => Say(kind, 0, strand, Four(number));

    public static byte[] Four(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    /// <summary>A request with these fields behind the usual first ones.</summary>
    public Task Ask(int strand, bool ends = true, string method = "GET", params (string Name, string Value)[] more) =>
        Ask(strand, ends, [(":method", method), (":scheme", "http"), (":path", "/"), (":authority", "a"), .. more]);

    /// <summary>A request with exactly these fields.</summary>
    public async Task Ask(int strand, bool ends, (string Name, string Value)[] fields)
    {
        var block = Block(fields);
        var kind = FrameKind.Headers;
        var flags = ends ? Flags.EndStream : (byte)0;
        for (; block.Length > Frame.LengthMax; (kind, flags) = (FrameKind.Continuation, 0))
        {
            await Say(kind, flags, strand, block[..Frame.LengthMax]);
            block = block[Frame.LengthMax..];
        }

        await Say(kind, (byte)(flags | Flags.EndHeaders), strand, block);
    }

    public Task Data(int strand, string text, bool ends = false) =>
        Say(FrameKind.Data, ends ? Flags.EndStream : (byte)0, strand, Encoding.Latin1.GetBytes(text));

    /// <summary>Literal fields without any table (RFC 7541, 6.2.2).</summary>
    public static byte[] Block(params (string Name, string Value)[] fields)
    {
        var bytes = new List<byte>();
        foreach (var (name, value) in fields)
        {
            bytes.Add(0);
            Text(name);
            Text(value);
        }

        return [.. bytes];

        void Text(string text)
        {
            if (text.Length < 127)
            {
                bytes.Add((byte)text.Length);
            }
            else
            {
                bytes.Add(127);
                var rest = text.Length - 127;
                for (; rest >= 128; rest >>= 7) bytes.Add((byte)(rest | 0x80));
                bytes.Add((byte)rest);
            }

            bytes.AddRange(Encoding.Latin1.GetBytes(text));
        }
    }

    public async Task<Heard> Hear()
    {
        var frame = Frame.Read(Encoding.Latin1.GetBytes(await peer.Exactly(Frame.HeadBytes)));
        return new(frame.Kind, frame.Flags, frame.Strand, Encoding.Latin1.GetBytes(await peer.Exactly(frame.Length)));
    }

    /// <summary>The next frame that is no grant of a window.</summary>
    public async Task<Heard> HearWord()
    {
        while (true)
            if (await Hear() is var heard && heard.Kind != FrameKind.Window) return heard;
    }

    /// <summary>The last word, whatever comes before it.</summary>
    public async Task<Heard> HearGoodbye()
    {
        while (true)
            if (await Hear() is { Kind: FrameKind.GoAway } heard) return heard;
    }

    /// <summary>A head, as lines of its fields.</summary>
    public async Task<(Heard Frame, string Fields)> HearHead()
    {
        var heard = await HearWord();
        heard.Kind.ShouldBe(FrameKind.Headers, $"{heard.Kind} {heard.Code}");
        return (heard, Fields(heard.Payload));
    }

    public string Fields(byte[] block)
    {
        var text = new StringBuilder();
        var reader = new FieldReader(_table, block, new byte[64 * 1024]);
        while (reader.Next())
            text.Append(Encoding.Latin1.GetString(reader.Name)).Append(": ")
                .Append(Encoding.Latin1.GetString(reader.Value)).Append('\n');
        reader.Failed.ShouldBeFalse();
        return text.ToString();
    }

    public Task<string> ToBreak() => peer.ToBreak();

    public void Reset() => peer.Reset();

    public void Dispose() => peer.Dispose();
}

static class HeardRules
{
    public static void ShouldBe(this Speaker.Heard heard, FrameKind kind, int strand) =>
        (heard.Kind, heard.Strand).ShouldBe((kind, strand));

    public static void ShouldEnd(this Speaker.Heard heard, int strand, ErrorCode code) =>
        (heard.Kind, heard.Strand, heard.Code).ShouldBe((FrameKind.Reset, strand, code));

    public static void ShouldEndAll(this Speaker.Heard heard, ErrorCode code) =>
        (heard.Kind, heard.Code).ShouldBe((FrameKind.GoAway, code));
}

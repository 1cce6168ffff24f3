using System.Buffers;
using System.Text;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Telemetry;

/// <summary>
/// The lines of one loop on their way to the access log: a ring of bytes with one writer and one reader. A line that
/// does not fit is dropped and counted; nobody waits.
/// </summary>
public sealed class LogLines
{
    static readonly SearchValues<byte> Plain =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(i => (byte)i).Except("\"\\"u8.ToArray())]);

    static readonly byte[][] Reasons =
        [.. Enum.GetValues<Refusal>().Select(refusal => Encoding.ASCII.GetBytes(refusal.Words()))];

    readonly byte[] _ring;
    readonly byte[] _line = new byte[Limits.LogLine];
    long _written;
    long _read;
    long _dropped;

    internal LogLines(int size = Limits.LogUnwritten) => _ring = new byte[size];

    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>By the thread of the lane, while the head lies where it was read.</summary>
    public void Write(in Claim claim, RequestHead head, in Caller caller, ReadOnlySpan<byte> id, in Exchange exchange)
    {
        var line = new Line(_line);
        line.Put("{\"at\":\""u8);
        line.Put(claim.At);
        line.Put("\",\"service\":\""u8);
        line.Text(claim.ServiceName);
        line.Put("\",\"fleet\":\""u8);
        line.Text(claim.FleetName);
        line.Request(caller, head);
        line.Put(exchange.Status);
        line.Put(",\"us\":"u8);
        line.Put(exchange.Microseconds);
        line.Put(",\"in\":"u8);
        line.Put(exchange.BytesIn);
        line.Put(",\"out\":"u8);
        line.Put(exchange.BytesOut);
        line.Put(",\"id\":\""u8);
        line.Text(id);
        line.Put(exchange.Ending == Ending.Answered ? "\"}\n"u8 : "\",\"ended\":\""u8);
        if (exchange.Ending != Ending.Answered)
        {
            line.Text(NameOf(exchange.Ending));
            line.Put("\"}\n"u8);
        }

        Enqueue(_line.AsSpan(0, line.Length));
    }

    /// <summary>A request that was not taken: what there is of it, and why.</summary>
    public void WriteRefused(DateTimeOffset at, RequestHead head, in Caller caller, Refusal refusal)
    {
        var line = new Line(_line);
        line.Put("{\"at\":\""u8);
        line.Put(at);
        line.Request(caller, head);
        line.Put(refusal.Status());
        line.Put(",\"refused\":\""u8);
        line.Text(Reasons[(int)refusal]);
        line.Put("\"}\n"u8);
        Enqueue(_line.AsSpan(0, line.Length));
    }

    /// <summary>By the one reader: returns how much was taken.</summary>
    internal int Take(Span<byte> into)
    {
        var (read, written) = (_read, Volatile.Read(ref _written));
        var count = (int)Math.Min(written - read, into.Length);
        var at = (int)(read % _ring.Length);
        var first = Math.Min(count, _ring.Length - at);
        _ring.AsSpan(at, first).CopyTo(into);
        _ring.AsSpan(0, count - first).CopyTo(into[first..]);
        Volatile.Write(ref _read, read + count);
        return count;
    }

    internal void Enqueue(ReadOnlySpan<byte> line)
    {
        if (_ring.Length - (_written - Volatile.Read(ref _read)) < line.Length)
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return;
        }

        var at = (int)(_written % _ring.Length);
        var first = Math.Min(line.Length, _ring.Length - at);
        line[..first].CopyTo(_ring.AsSpan(at));
        line[first..].CopyTo(_ring);
        Volatile.Write(ref _written, _written + line.Length);
    }

    static ReadOnlySpan<byte> NameOf(Ending ending) => ending switch
    {
        Ending.ConnectFailed => "connect failed"u8,
        Ending.TimedOut => "timed out"u8,
        Ending.Broken => "broken"u8,
        Ending.ClientLeft => "client left"u8,
        Ending.Full => "gateway full"u8,
        _ => ""u8,
    };

    /// <summary>What was sent by strangers is cut at a length and escaped.</summary>
    ref struct Line(Span<byte> into)
    {
        readonly Span<byte> _into = into;
        public int Length { get; private set; }

        public void Put(ReadOnlySpan<byte> text)
        {
            text.CopyTo(_into[Length..]);
            Length += text.Length;
        }

        public void Put(long number)
        {
            number.TryFormat(_into[Length..], out var digits, default, null);
            Length += digits;
        }

        public void Put(DateTimeOffset at)
        {
            at.UtcDateTime.TryFormat(_into[Length..], out var length, "O", null);
            Length += length;
        }

        public void Put(Address address) => Length += address.Write(_into[Length..]);

        /// <summary>Who asked for what, up to the number of its answer.</summary>
        public void Request(in Caller caller, RequestHead head)
        {
            Put("\",\"client\":\""u8);
            Put(caller.Address);
            Put("\",\"method\":\""u8);
            Text(head.Method);
            Put("\",\"host\":\""u8);
            Text(head.Host);
            Put("\",\"path\":\""u8);
            Text(head.Path);
            Put("\",\"status\":"u8);
        }

        public void Text(ReadOnlySpan<byte> text)
        {
            if (text.Length > Limits.LogField) text = text[..Limits.LogField];
            while (!text.IsEmpty)
            {
                var plain = text.IndexOfAnyExcept(Plain) is var odd && odd < 0 ? text.Length : odd;
                Put(text[..plain]);
                if (plain == text.Length) return;
                Put("\\u00"u8);
                Put(Hex(text[plain] >> 4));
                Put(Hex(text[plain] & 15));
                text = text[(plain + 1)..];
            }
        }

        static ReadOnlySpan<byte> Hex(int digit) => "0123456789abcdef"u8.Slice(digit, 1);
    }
}

using System.Buffers.Binary;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Http2;

/// <summary>
/// What is to be sent on a trunk, frame behind frame. It is sent at the end of the loop's turn, so that what many
/// strands have to say goes together; it holds no buffer when nothing waits.
/// </summary>
sealed class Outbox
{
    /// <summary>Data leave room for words about the connection, which cannot wait.</summary>
    const int DataMost = 48 * 1024;

    readonly Wire _wire;
    readonly Action _flush;
    readonly Action _moved;
    Basin _bytes;
    bool _due;

    /// <summary>Where the last frame begins while nothing of it can have been sent, if it holds data.</summary>
    int _last = None;
    int _lastStrand;

    const int None = -1;

    /// <param name="wire">What everything goes to.</param>
    /// <param name="moved">There is room again, or the wire is over.</param>
    public Outbox(Wire wire, Action moved)
    {
        (_wire, _moved, _flush, _bytes) = (wire, moved, Flush, new(wire.Loop.Buffers));
    }

    /// <summary>Nobody listens any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The other side takes nothing now; it is told when everything is sent.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Of the connection, with what lies here.</summary>
    public Delivery Delivered()
    {
        var below = _wire.Delivered();
        return below with { OnTheWay = below.OnTheWay + _bytes.Count };
    }

    /// <summary>How many bytes of data are taken now.</summary>
    public int RoomForData
    {
        get
        {
            if (_bytes.Count + Frame.HeadBytes >= DataMost && !IsBlocked) Flush();
            return IsOver ? 0 : Math.Max(0, DataMost - _bytes.Count - Frame.HeadBytes);
        }
    }

    /// <summary>False when a block of this length has to wait.</summary>
    public bool HasRoomForBlock(int length)
    {
        // Each frame of it has a head.
        length += Frame.HeadBytes * (1 + length / Frame.LengthMax);
        if (Free() < length && !IsBlocked) Flush();
        return !IsOver && (_bytes.Count == 0 || Free() >= length);
    }

    /// <summary>Where a block is written, behind the head of its frame. Closed by <see cref="EndBlock"/>.</summary>
    public Span<byte> BeginBlock()
    {
        Open();
        return _bytes.Space[Frame.HeadBytes..];
    }

    public void EndBlock(int length, int strand, bool endsStream)
    {
        var (at, left, first) = (_bytes.End, length, true);
        _last = None;
        while (true)
        {
            var count = Math.Min(left, Frame.LengthMax);
            left -= count;
            var flags = (byte)((left == 0 ? Flags.EndHeaders : 0) | (first && endsStream ? Flags.EndStream : 0));
            // What comes behind this frame makes place for the head of the next one.
            var rest = _bytes.Bytes.AsSpan(at + Frame.HeadBytes + count, left);
            if (left > 0) rest.CopyTo(_bytes.Bytes.AsSpan(at + 2 * Frame.HeadBytes + count));
            new Frame(count, first ? FrameKind.Headers : FrameKind.Continuation, flags, strand)
                .Write(_bytes.Bytes.AsSpan(at));
            at += Frame.HeadBytes + count;
            if (left == 0) break;
            first = false;
        }

        _bytes.Advance(at - _bytes.End);
        Due();
    }

    /// <summary>Not more than there is room for, nor than one frame holds.</summary>
    public void PutData(int strand, ReadOnlySpan<byte> data, bool endsStream)
    {
        Open();
        if (_last != None && _lastStrand == strand && LengthOfLast() + data.Length <= Frame.LengthMax)
        {
            _bytes.Put(data);
            var length = LengthOfLast() + data.Length;
            new Frame(length, FrameKind.Data, endsStream ? Flags.EndStream : (byte)0, strand)
                .Write(_bytes.Bytes.AsSpan(_last));
        }
        else
        {
            (_last, _lastStrand) = (_bytes.End, strand);
            new Frame(data.Length, FrameKind.Data, endsStream ? Flags.EndStream : (byte)0, strand)
                .Write(_bytes.Space);
            _bytes.Advance(Frame.HeadBytes);
            _bytes.Put(data);
        }

        if (endsStream) _last = None;
        Due();
    }

    /// <summary>False when the client lets us speak and does not listen.</summary>
    public bool PutSmall(FrameKind kind, byte flags, int strand, ReadOnlySpan<byte> payload)
    {
        if (Free() < Frame.HeadBytes + payload.Length && !IsBlocked) Flush();
        if (IsOver) return true;
        if (Free() < Frame.HeadBytes + payload.Length) return false;
        Open();
        _last = None;
        new Frame(payload.Length, kind, flags, strand).Write(_bytes.Space);
        _bytes.Advance(Frame.HeadBytes);
        _bytes.Put(payload);
        Due();
        return true;
    }

    public bool PutNumber(FrameKind kind, int strand, int number)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return PutSmall(kind, 0, strand, payload);
    }

    public void Flush()
    {
        _due = false;
        if (IsBlocked || _bytes.Count == 0) return;
        if (Push()) return;
        IsBlocked = true;
        Pump().Forget();
    }

    public void Close()
    {
        IsOver = true;
        _bytes.Close();
    }

    /// <summary>True when nothing is left, or nobody listens.</summary>
    bool Push()
    {
        _last = None;
        while (_bytes.Count > 0)
        {
            var sent = IsOver || _wire.IsOver ? Wire.Failed : _wire.Send(_bytes.Held);
            if (sent < 0)
            {
                IsOver = true;
                break;
            }

            _bytes.Skip(sent);
            if (!_wire.CanWrite && _bytes.Count > 0) return false;
        }

        _bytes.Close();
        return true;
    }

    async Flow<bool> Pump()
    {
        do await _wire.Writable();
        while (!_wire.IsOver && !Push());
        IsBlocked = false;
        if (_wire.IsOver) IsOver = true;
        _moved();
        return true;
    }

    int Free() => _bytes.Bytes.Length == 0 ? Buffers.Large : _bytes.Bytes.Length - _bytes.Count;

    int LengthOfLast() => Frame.Read(_bytes.Bytes.AsSpan(_last)).Length;

    /// <summary>All that is free lies behind what is held.</summary>
    void Open()
    {
        _bytes.Open(Buffers.Large);
        if (_bytes.Start == 0) return;
        _bytes.MoveToFront();
        _last = None;
    }

    void Due()
    {
        if (_due || IsBlocked) return;
        _due = true;
        _wire.Loop.Later(_flush);
    }
}

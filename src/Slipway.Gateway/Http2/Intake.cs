using System.Buffers.Binary;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Http2;

/// <summary>Takes the frames of one trunk apart. Data are passed on as they come, others are looked at whole.</summary>
sealed class Intake(Trunk trunk)
{
    static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    readonly Opening _opening = new(trunk);
    bool _greeted, _settled;
    int _dataId, _dataLeft, _padding;
    bool _inData, _ends;

    public FieldTable Table => _opening.Table;

    /// <summary>Something has begun that the client has to end in time.</summary>
    public bool IsInside { get; private set; }

    /// <summary>When that was.</summary>
    public long Since { get; private set; }

    public void Close() => _opening.Close();

    /// <summary>False when the trunk is over. What is not whole yet is left there.</summary>
    public bool Take(ref Basin bytes)
    {
        var moved = false;
        while (!trunk.IsOver)
        {
            var goesOn = _inData ? TakeData(ref bytes, out var whole)
                : _greeted ? TakeFrame(ref bytes, out whole) : TakePreface(ref bytes, out whole);
            if (!goesOn) return false;
            moved |= whole && !_opening.IsOpen;
            if (whole) continue;
            var inside = !_inData && (bytes.Count > 0 || !_settled || _opening.IsOpen);
            if (inside && (moved || !IsInside)) Since = trunk.Now;
            IsInside = inside;
            return true;
        }

        return false;
    }

    bool TakePreface(ref Basin bytes, out bool whole)
    {
        var count = Math.Min(bytes.Count, Preface.Length);
        whole = count == Preface.Length;
        if (!bytes.Held[..count].SequenceEqual(Preface.AsSpan(0, count))) return trunk.Fail(Breach.BadPreface);
        if (!whole) return true;
        bytes.Skip(count);
        return _greeted = true;
    }

    bool TakeFrame(ref Basin bytes, out bool whole)
    {
        whole = false;
        if (bytes.Count < Frame.HeadBytes) return true;
        var frame = Frame.Read(bytes.Held);
        if (frame.Length > Frame.LengthMax) return trunk.Fail(Breach.FrameTooLarge);
        if (!_settled && (frame.Kind != FrameKind.Settings || frame.Has(Flags.Acknowledges)))
            return trunk.Fail(Breach.BadPreface);
        if (_opening.IsOpen && (frame.Kind != FrameKind.Continuation || frame.Strand != _opening.Id))
            return trunk.Fail(Breach.UnexpectedFrame);
        if (frame.Kind == FrameKind.Data) return BeginData(frame, ref bytes, out whole);
        if (bytes.Count < Frame.HeadBytes + frame.Length) return true;
        whole = true;
        _settled = true;
        var payload = bytes.Held.Slice(Frame.HeadBytes, frame.Length);
        var goesOn = Look(frame, payload);
        bytes.Skip(Frame.HeadBytes + frame.Length);
        return goesOn;
    }

    bool Look(Frame frame, ReadOnlySpan<byte> payload) => frame.Kind switch
    {
        FrameKind.Headers => _opening.Begin(frame, payload),
        FrameKind.Continuation => _opening.GoOn(frame, payload),
        FrameKind.Settings => TakeSettings(frame, payload),
        FrameKind.Ping => TakePing(frame, payload),
        FrameKind.Window => TakeWindow(frame, payload),
        FrameKind.Reset => TakeReset(frame),
        FrameKind.Priority => TakePriority(frame),
        FrameKind.GoAway => frame.Strand == 0 ? frame.Length >= 8 || trunk.Fail(Breach.BadFrameSize)
            : trunk.Fail(Breach.BadStream),
        FrameKind.Promise => trunk.Fail(Breach.UnexpectedFrame),
        // Of what is not known nothing is said, but it costs (RFC 9113, 5.5).
        _ => trunk.TakeIdle(),
    };

    bool TakeSettings(Frame frame, ReadOnlySpan<byte> payload)
    {
        if (frame.Strand != 0) return trunk.Fail(Breach.BadStream);
        if (frame.Has(Flags.Acknowledges))
            return frame.Length == 0 ? trunk.TakeIdle() : trunk.Fail(Breach.BadFrameSize);
        if (frame.Length % SettingsFrame.EntryBytes != 0) return trunk.Fail(Breach.BadFrameSize);
        if (!trunk.TakeIdle()) return false;
        // Before anything that they change is said.
        trunk.Acknowledge(FrameKind.Settings, []);
        return SettingsFrame.Apply(payload, trunk);
    }

    bool TakePing(Frame frame, ReadOnlySpan<byte> payload)
    {
        if (frame.Strand != 0) return trunk.Fail(Breach.BadStream);
        if (frame.Length != 8) return trunk.Fail(Breach.BadFrameSize);
        if (!trunk.TakeIdle()) return false;
        if (frame.Has(Flags.Acknowledges)) trunk.Heard(payload);
        else trunk.Acknowledge(FrameKind.Ping, payload);
        return true;
    }

    bool TakeWindow(Frame frame, ReadOnlySpan<byte> payload)
    {
        if (frame.Length != 4) return trunk.Fail(Breach.BadFrameSize);
        var count = BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
        if (frame.Strand == 0) return count == 0 ? trunk.Fail(Breach.BadWindow) : trunk.Widen(count);
        if (IsUnknown(frame)) return trunk.Fail(Breach.BadStream);
        if (trunk.Strands.Find(frame.Strand) is not { IsBroken: false } strand) return true;
        if (count == 0) return trunk.Strands.Refuse(frame.Strand, Breach.BadWindow);
        return strand.Widen(count) || trunk.Strands.Refuse(frame.Strand, Breach.WindowOverflow);
    }

    bool TakeReset(Frame frame)
    {
        if (frame.Length != 4) return trunk.Fail(Breach.BadFrameSize);
        if (IsUnknown(frame)) return trunk.Fail(Breach.BadStream);
        return trunk.Strands.Find(frame.Strand) is not { } strand ? trunk.TakeIdle() : trunk.Strands.TakeReset(strand);
    }

    bool TakePriority(Frame frame)
    {
        if (frame.Strand == 0) return trunk.Fail(Breach.BadStream);
        if (frame.Length == 5) return trunk.TakeIdle();
        return IsUnknown(frame)
            ? trunk.Fail(Breach.BadFrameSize)
            : trunk.Strands.Refuse(frame.Strand, Breach.BadFrameSize);
    }

    /// <summary>No such stream has begun, nor can it have.</summary>
    bool IsUnknown(Frame frame) => frame.Strand > trunk.Strands.LastId || frame.Strand % 2 == 0;

    bool BeginData(Frame frame, ref Basin bytes, out bool whole)
    {
        whole = false;
        if (IsUnknown(frame)) return trunk.Fail(Breach.BadStream);
        var padded = frame.Has(Flags.Padded);
        if (padded && frame.Length == 0) return trunk.Fail(Breach.BadFrameSize);
        if (padded && bytes.Count == Frame.HeadBytes) return true;
        var padding = padded ? bytes.Held[Frame.HeadBytes] + 1 : 0;
        if (padding > frame.Length) return trunk.Fail(Breach.BadPadding);
        whole = true;
        bytes.Skip(Frame.HeadBytes + (padded ? 1 : 0));
        (_inData, _dataId, _ends) = (true, frame.Strand, frame.Has(Flags.EndStream));
        (_dataLeft, _padding) = (frame.Length - padding, padded ? padding - 1 : 0);
        if (frame.Length == padding && !_ends && !trunk.TakeIdle()) return false;
        if (!trunk.Take(frame.Length)) return trunk.Fail(Breach.WindowExceeded);
        // Padding is nothing that anybody has to take.
        trunk.GiveBack(padding);
        if (Listener() is not { } strand)
            return trunk.Strands.Find(_dataId) is not null || trunk.Strands.WasReset(_dataId)
                || trunk.Strands.Refuse(_dataId, Breach.StreamClosed);
        if (strand.Asking.Ended) return trunk.Strands.Refuse(_dataId, Breach.StreamClosed);
        if (!strand.Take(frame.Length)) return trunk.Strands.Refuse(_dataId, Breach.WindowExceeded);
        strand.GiveBack(padding);
        return true;
    }

    /// <summary>Whoever takes these data still. It may have ended since the last part of the frame came.</summary>
    Strand? Listener() => trunk.Strands.Find(_dataId) is { IsBroken: false } strand ? strand : null;

    bool TakeData(ref Basin bytes, out bool whole)
    {
        var count = Math.Min(_dataLeft, bytes.Count);
        if (count > 0)
        {
            if (!PassOn(bytes.Held[..count])) return whole = false;
            bytes.Skip(count);
            _dataLeft -= count;
        }

        var padding = _dataLeft > 0 ? 0 : Math.Min(_padding, bytes.Count);
        if (padding > 0) bytes.Skip(padding);
        _padding -= padding;
        whole = _dataLeft == 0 && _padding == 0;
        if (!whole) return true;
        _inData = false;
        if (!_ends || Listener() is not { } strand) return true;
        trunk.Strands.Ready(strand);
        return strand.Asking.End() is var bad and not Breach.None ? trunk.Strands.Refuse(_dataId, bad) : true;
    }

    bool PassOn(ReadOnlySpan<byte> data)
    {
        if (Listener() is not { } strand)
        {
            trunk.GiveBack(data.Length);
            return true;
        }

        trunk.Strands.Ready(strand);
        if (strand.Asking.Put(data) is not (var bad and not Breach.None)) return true;
        trunk.GiveBack(data.Length);
        return trunk.Strands.Refuse(_dataId, bad);
    }
}

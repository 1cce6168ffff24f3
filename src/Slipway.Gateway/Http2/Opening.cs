using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Http2;

/// <summary>
/// Header blocks of one trunk, put together and read: each begins a strand, or ends the request of one with trailers.
/// Every block is read, also where nobody wants it, because the next one builds on it (RFC 7541, 2.2).
/// </summary>
sealed class Opening(Trunk trunk)
{
    const int TableBytes = 4096, PriorityBytes = 5;

    Basin _block = new(trunk.Buffers);
    bool _ends;

    public FieldTable Table { get; } = new(TableBytes);

    /// <summary>More of the block has to come, and nothing else.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Of the stream whose block is open.</summary>
    public int Id { get; private set; }

    public void Close() => _block.Close();

    public bool Begin(Frame frame, ReadOnlySpan<byte> payload)
    {
        if (frame.Strand % 2 == 0) return trunk.Fail(Breach.BadStream);
        var padding = 0;
        if (frame.Has(Flags.Padded))
        {
            if (payload.Length == 0) return trunk.Fail(Breach.BadFrameSize);
            padding = payload[0];
            payload = payload[1..];
        }

        if (frame.Has(Flags.HasPriority))
        {
            if (payload.Length < PriorityBytes) return trunk.Fail(Breach.BadFrameSize);
            payload = payload[PriorityBytes..];
        }

        if (padding > payload.Length) return trunk.Fail(Breach.BadPadding);
        (Id, _ends) = (frame.Strand, frame.Has(Flags.EndStream));
        payload = payload[..^padding];
        if (frame.Has(Flags.EndHeaders)) return Read(payload);
        IsOpen = true;
        _block.Open(Buffers.Large);
        _block.Put(payload);
        return true;
    }

    public bool GoOn(Frame frame, ReadOnlySpan<byte> payload)
    {
        if (!IsOpen) return trunk.Fail(Breach.UnexpectedFrame);
        // Small pieces are no more honest than empty ones.
        if (payload.Length < Frame.LengthMax / 2 && !trunk.TakeIdle()) return false;
        if (_block.Count + payload.Length > trunk.Limits.HeadBytes) return trunk.Fail(Breach.HeadersTooLarge);
        _block.Put(payload);
        if (!frame.Has(Flags.EndHeaders)) return true;
        IsOpen = false;
        var goesOn = Read(_block.Held);
        _block.Close();
        return goesOn;
    }

    bool Read(ReadOnlySpan<byte> block)
    {
        if (Id > trunk.Strands.LastId)
            return trunk.Strands.Open(Id) is { } strand ? ReadHead(strand, block) : Ignore(block);
        if (trunk.Strands.Find(Id) is { } known) return ReadTrailers(known, block);
        return trunk.Strands.WasReset(Id) ? Ignore(block) : trunk.Fail(Breach.StreamClosed);
    }

    bool ReadHead(Strand strand, ReadOnlySpan<byte> block)
    {
        var limit = trunk.Limits.HeadBytes;
        var reader = trunk.Read(block);
        var fields = new RequestFields(ref strand.Asking.Head, trunk.Buffers.Scratch.AsSpan(Buffers.Large), limit);
        while (reader.Next()) fields.Add(reader.Name, reader.Value);
        fields.Finish();
        strand.Asking.Begin(fields);
        var bad = _ends ? strand.Asking.End() : Breach.None;
        if (!reader.Failed && fields.Breach == Breach.None && bad == Breach.None && fields.Refusal == Refusal.None)
        {
            trunk.Strands.Add(strand);
            return true;
        }

        if (reader.Failed) trunk.Fail(Breach.BadCompression);
        else if (fields.Breach != Breach.None) trunk.Strands.Refuse(Id, fields.Breach);
        else if (fields.Refusal != Refusal.None) trunk.Strands.Answer(strand, fields.Refusal);
        else trunk.Strands.Refuse(Id, bad);
        trunk.Strands.GiveUp(strand);
        return !trunk.IsOver;
    }

    bool ReadTrailers(Strand strand, ReadOnlySpan<byte> block)
    {
        var bad = strand.IsBroken ? Breach.None
            : strand.Asking.Ended ? Breach.StreamClosed
            : _ends ? Breach.None : Breach.BadTrailers;
        var ignored = strand.IsBroken || bad != Breach.None;
        var reader = trunk.Read(block);
        while (reader.Next())
            if (!ignored && bad == Breach.None) bad = strand.Asking.PutTrailer(reader.Name, reader.Value);
        if (reader.Failed) return trunk.Fail(Breach.BadCompression);
        if (strand.IsBroken) return true;
        if (bad == Breach.None) bad = strand.Asking.End();
        if (bad != Breach.None) return trunk.Strands.Refuse(Id, bad);
        trunk.Strands.Ready(strand);
        return true;
    }

    bool Ignore(ReadOnlySpan<byte> block)
    {
        var reader = trunk.Read(block);
        while (reader.Next()) { }
        return !reader.Failed || trunk.Fail(Breach.BadCompression);
    }
}

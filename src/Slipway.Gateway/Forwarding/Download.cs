using System.Text;
using Slipway.Gateway.Http;
using Slipway.Gateway.Mirroring;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>An instance's answer on its way to the client.</summary>
sealed partial class Download(Worker worker)
{
    const int TurnBytes = 1024 * 1024;

    readonly WireLimits _limits = worker.Limits;
    Basin _bytes = new(worker.Loop.Buffers);
    BodyReader _body;
    BodyReader _digested;
    BodyDigest _digest;
    bool _strips, _endedEarly;

    /// <summary>What the client takes of it.</summary>
    public Uptake Uptake { get; } = new(worker.Limits);

    public long Count { get; private set; }

    /// <summary>The client has seen something of the answer.</summary>
    public bool Begun { get; private set; }

    /// <summary>Without an end of its own: its duration says nothing of speed.</summary>
    public bool Streams { get; private set; }

    /// <summary>The connection to the instance may serve the next request.</summary>
    public bool LeavesClean { get; private set; }

    /// <summary>Somebody wants to know what the body was, without its coding.</summary>
    public bool Digests { get; set; }
    public ulong Digest => _digest.Value;

    /// <param name="idle">How long the client may take nothing.</param>
    public void Begin(TimeSpan idle)
    {
        Uptake.Begin(idle);
        (Begun, Streams, LeavesClean, Count, _digest, _received, _endedEarly) =
            (false, false, false, 0, default, 0, false);
    }

    public void End() => _bytes.Close();

    /// <summary>
    /// A stream of events has no end of its own: where nothing of it is half sent the client gets one in good order,
    /// and knows that it may come again. Of any other answer a part must not look like the whole. Not while the client
    /// is awaited.
    /// </summary>
    public void EndEarly(Wire client)
    {
        if (!Streams || !Begun || !(_body.UntilClose || _strips || _body.IsBetweenChunks)) return;
        var last = "0\r\n\r\n"u8;
        _endedEarly = !_body.IsBetweenChunks || _strips || client.Send(last) == last.Length;
    }

    public async Flow<Trial> Run(Attempt attempt, UpstreamWire up)
    {
        for (var interim = 0; ; interim++)
        {
            // Mostly the whole head comes at once; then this needs no waiting of its own.
            if (interim == 0 && !up.CanRead && !up.IsOver) await up.Readable();
            if (!TryReadHead(attempt, up, interim > 0)
                && await ReadHead(attempt, up, interim > 0) is var read and not Trial.Good) return read;
            if (!Head.IsInterim) break;
            if (interim < _limits.Interim)
            {
                if (await PassInterim(attempt) is var left and not Trial.Good) return left;
                continue;
            }

            worker.Tally.Endless++;
            return Trial.Broken;
        }

        attempt.Upload.Answered(attempt.Client, up);
        if (Head.Status == 101) return await Upgrade(attempt, up);
        if (Begin(attempt, up, out var start, out var count)) return Spoilt(_body.Refusal);
        var sent = Send(attempt.Client, start, count);
        if (sent < count && await SendRest(attempt, start, count, sent) is var gone and not Trial.Good) return gone;
        Count += count;
        if (!_body.Ended && await Relay(attempt, up) is var failed and not Trial.Good)
        {
            attempt.Keeps = false;
            return _endedEarly ? Trial.Good : failed;
        }

        LeavesClean = Head.Persists && !_body.UntilClose && _bytes.Count == 0;
        return Trial.Good;
    }

    /// <summary>
    /// What the client is sent first: the head, and what is there of the body. True when that is broken.
    /// </summary>
    bool Begin(Attempt attempt, UpstreamWire up, out int start, out int count)
    {
        var head = Head;
        (start, count) = (0, 0);
        if (head.Has(Known.Session)) attempt.Claim.TookSession(head.Get(Known.Session));
        _body.Begin(head.Framing, head.ContentLength, _limits);
        if (Digests) _digested.Begin(head.Framing, head.ContentLength, _limits);
        _strips = attempt.Head.IsOld && head.Framing == Framing.Chunked;
        Streams = head.Framing != Framing.Length && head.Has(Known.ContentType)
            && IsOfEvents(head.Get(Known.ContentType));
        _bytes.Skip(head.End - _bytes.Start);
        var taken = Take(out var length);
        if (_body.Refusal != Refusal.None) return true;

        var manner = attempt.Settle(head, _body.UntilClose || _strips) with
        {
            Chunked = head.Framing == Framing.Chunked && !_strips,
        };
        var pen = new Pen(worker.Loop.Buffers.Scratch);
        AnswerWriter.Write(ref pen, head, ref attempt.Claim, manner);
        (start, count) = _bytes.PutBefore(head.End, worker.Loop.Buffers.Scratch.AsSpan(0, pen.Length), length);
        _bytes.Skip(taken);
        Begun = true;
        return false;
    }

    int Send(Wire client, int start, int count)
    {
        var sent = client.Send(_bytes.Bytes.AsSpan(start, count));
        if (sent > 0) Uptake.Moved(sent);
        return sent;
    }

    async Flow<Trial> SendRest(Attempt attempt, int start, int count, int sent)
    {
        if (sent < 0) return Trial.ClientLeft;
        var all = await Sending.ToClient(attempt.Client, _bytes.Bytes, start + sent, count - sent, Uptake);
        return all ? Trial.Good : attempt.WhyGone();
    }

    async Flow<Trial> Relay(Attempt attempt, UpstreamWire up)
    {
        if (MayPass && attempt.Client is SocketWire client && worker.Conduits.Rent() is { } conduit)
            return await Pass(attempt, client, up, conduit);
        var turn = TurnBytes;
        while (!_body.Ended)
        {
            if (!up.CanRead && await Wait(attempt, up) is var over and not Trial.Good) return over;
            if (up.IsOver) return attempt.WhyLost(up);
            _bytes.Open(Buffers.Large);
            var received = _bytes.ReceiveFrom(up);
            if (received == Wire.Again) continue;
            if (received < 0)
                return received == Wire.Ended && _body.UntilClose ? Trial.Good : BrokenOff();
            var at = _bytes.Start;
            var taken = Take(out var length);
            if (_body.Refusal != Refusal.None) return Spoilt(_body.Refusal);
            var sent = length > 0 ? Send(attempt.Client, at, length) : 0;
            if (sent < length && await SendRest(attempt, at, length, sent) is var gone and not Trial.Good) return gone;
            Count += length;
            _bytes.Skip(taken);
            if ((turn -= taken) > 0) continue;
            turn = TurnBytes;
            await new Turn(worker.Loop);
        }

        return Trial.Good;
    }

    int Take(out int length)
    {
        if (Digests) AddToDigest();
        if (_strips) return _body.TakeData(_bytes.Bytes.AsSpan(_bytes.Start, _bytes.Count), out length);
        return length = _body.Take(_bytes.Held);
    }

    void AddToDigest()
    {
        if (Head.Framing != Framing.Chunked)
        {
            _digest.Add(_bytes.Held[.._digested.Take(_bytes.Held)]);
            return;
        }

        var data = worker.Loop.Buffers.Scratch.AsSpan(0, _bytes.Count);
        _bytes.Held.CopyTo(data);
        _digested.TakeData(data, out var count);
        _digest.Add(data[..count]);
    }

    /// <summary>
    /// Nothing is held while nothing comes. A stream of events may be silent for as long as it likes, and whatever has
    /// no length may be a stream too.
    /// </summary>
    async Flow<Trial> Wait(Attempt attempt, UpstreamWire up)
    {
        _bytes.Close();
        if (Streams) up.Until(Timed.Never);
        else up.Until(_body.HasLength ? attempt.Patience.Idle : _limits.TunnelIdle);
        while (!up.CanRead && !up.IsOver) await up.Readable();
        if (up.IsOver) return attempt.WhyLost(up);
        // From here on it may be the client who takes its time.
        up.Until(Timed.Never);
        return Trial.Good;
    }

    static bool IsOfEvents(ReadOnlySpan<byte> mediaType)
    {
        var name = "text/event-stream"u8;
        return mediaType.Length >= name.Length && Ascii.EqualsIgnoreCase(mediaType[..name.Length], name)
            && (mediaType.Length == name.Length || mediaType[name.Length] is (byte)';' or (byte)' ' or (byte)'\t');
    }

    Trial Spoilt(Refusal refusal)
    {
        worker.Tally.CountAnswer(refusal);
        return Trial.Broken;
    }

    Trial BrokenOff()
    {
        worker.Tally.BrokenOff++;
        return Trial.Broken;
    }

}

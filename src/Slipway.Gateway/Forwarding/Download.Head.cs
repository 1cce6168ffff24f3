using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>Heads of answers: words before the answer, its own, and the one that makes a tunnel of it.</summary>
sealed partial class Download
{
    /// <summary>The rewritten head is put before the body where it lies, and may have become longer.</summary>
    const int InFront = 4 * 1024;

    readonly ResponseReader _reader = new(worker.Limits);
    int _received;
    bool _begun;

    public ResponseHead Head => _reader.Head;

    bool TryReadHead(Attempt attempt, UpstreamWire up, bool again)
    {
        _begun = false;
        if (again || up.IsOver || !up.CanRead) return false;
        _bytes.Open(Buffers.Large, InFront);
        _received = _bytes.ReceiveFrom(up);
        if (_received <= 0) return false;
        _reader.Begin(_bytes.Bytes, _bytes.Start, attempt.Head.IsHead);
        _begun = true;
        return _reader.Read(_bytes.Bytes, _bytes.End) == Progress.Whole;
    }

    async Flow<Trial> ReadHead(Attempt attempt, UpstreamWire up, bool again)
    {
        if (_received < 0 && !again) return up.IsOver ? attempt.WhyLost(up) : Trial.NoAnswer;
        while (true)
        {
            if (_bytes.Count > 0)
            {
                if (!_begun) _reader.Begin(_bytes.Bytes, _bytes.Start, attempt.Head.IsHead);
                _begun = true;
                var progress = _reader.Read(_bytes.Bytes, _bytes.End);
                if (progress == Progress.Whole) return Trial.Good;
                if (progress == Progress.Refused) return Spoilt(_reader.Refusal);
                if (_bytes.Room == 0 && !_bytes.Grow()) return Spoilt(Refusal.HeadTooLarge);
            }

            if (!up.CanRead && !up.IsOver) await up.Readable();
            if (up.IsOver) return attempt.WhyLost(up);
            if (!up.CanRead) continue;
            _bytes.Open(Buffers.Large, InFront);
            var received = _bytes.ReceiveFrom(up);
            if (received < 0) return _bytes.Count == 0 && !again ? Trial.NoAnswer : BrokenOff();
        }
    }

    async Flow<Trial> PassInterim(Attempt attempt)
    {
        var pen = new Pen(worker.Loop.Buffers.Scratch);
        AnswerWriter.WriteInterim(ref pen, Head);
        var length = pen.Length;
        var permits = Head.Status == 100;
        _bytes.Skip(Head.End - _bytes.Start);
        if (_bytes.Count == 0) _bytes.Close();
        // Who speaks version 1.0 does not know of words before the answer.
        var trial = attempt.Head.IsOld ? Trial.Good : await SendScratch(attempt, length);
        if (permits) attempt.Upload.Permit(attempt.Client);
        return trial;
    }

    async Flow<Trial> Upgrade(Attempt attempt, UpstreamWire up)
    {
        if (!RequestWriter.IsUpgrade(attempt.Head) || !Head.Has(Known.Upgrade))
        {
            worker.Tally.Unasked++;
            return Trial.Broken;
        }

        var pen = new Pen(worker.Loop.Buffers.Scratch);
        AnswerWriter.WriteUpgrade(ref pen, Head);
        var length = pen.Length;
        _bytes.Skip(Head.End - _bytes.Start);
        (Begun, Streams) = (true, true);
        if (await SendScratch(attempt, length) is var gone and not Trial.Good) return gone;
        var tunnel = new Tunnel(worker, attempt.Client, up, RequestWriter.IsWebSocket(attempt.Head));
        attempt.Tunnel = tunnel;
        await tunnel.Run(attempt.Behind, _bytes.HeldMemory);
        Count += tunnel.ToClient;
        return Trial.Good;
    }

    async Flow<Trial> SendScratch(Attempt attempt, int length)
    {
        var scratch = worker.Loop.Buffers.Scratch;
        var sent = attempt.Client.Send(scratch.AsSpan(0, length));
        if (sent == length) return Trial.Good;
        if (sent < 0) return Trial.ClientLeft;
        // Others use the scratch meanwhile.
        var all = await Sending.ToClient(attempt.Client, scratch[sent..length], 0, length - sent, Uptake);
        return all ? Trial.Good : attempt.WhyGone();
    }
}

using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Http2;

/// <summary>The strands of one trunk: how they begin, and how they end.</summary>
sealed class Strands
{
    readonly Trunk _trunk;
    readonly Worker _worker;
    readonly Dictionary<int, Strand> _open = [];
    readonly List<Strand> _ready = [];
    readonly Ids _reset = new();
    readonly Signal _empty = new();
    Budget _resets;

    public Strands(Trunk trunk, Worker worker)
    {
        (_trunk, _worker) = (trunk, worker);
        _resets = new(worker.Limits.Resets, worker.Limits.ResetsPerSecond);
    }

    public int Count => _open.Count;

    /// <summary>The highest stream that the client has begun.</summary>
    public int LastId { get; private set; }

    public Strand? Find(int id) => _open.GetValueOrDefault(id);

    /// <summary>We have ended this stream, so the client may not have known.</summary>
    public bool WasReset(int id) => _reset.Contains(id);

    /// <summary>Null when it is not to be: too many, or after the last word.</summary>
    public Strand? Open(int id)
    {
        LastId = id;
        if (_trunk.TakesNone) return null;
        if (_open.Count < _worker.Limits.Streams) return _worker.RentStrand(_trunk, id);
        Refuse(id, Breach.TooManyStreams);
        return null;
    }

    public void Add(Strand strand)
    {
        _worker.Tally.Streams++;
        _open.Add(strand.Id, strand);
        _ready.Add(strand);
    }

    /// <summary>The gateway's own word, to a request that nobody else has to see.</summary>
    public void Answer(Strand strand, Refusal refusal)
    {
        _worker.Tally.Count(refusal);
        _open.Add(strand.Id, strand);
        var scratch = _trunk.Buffers.Scratch;
        var pen = new Pen(scratch);
        OwnAnswer.Of(refusal).Write(ref pen, closes: false, strand.Asking.IsHead, _worker.Limits.RetryAfterSeconds);
        strand.Send(scratch.AsSpan(0, pen.Length));
    }

    /// <summary>A strand that has not begun.</summary>
    public void GiveUp(Strand strand)
    {
        strand.Close();
        _worker.Return(strand);
    }

    /// <summary>Woken when all frames that have come are looked at.</summary>
    public void Ready(Strand strand) => _ready.Add(strand);

    public void WakeReady()
    {
        foreach (var strand in _ready)
            if (strand.Trunk == _trunk) strand.Go();
        _ready.Clear();
    }

    /// <summary>The client does not want it any more. False when it does that too often.</summary>
    public bool TakeReset(Strand strand)
    {
        var unanswered = !strand.AnswerEnded;
        strand.BreakOff();
        return !unanswered || TakeReset();
    }

    /// <summary>One stream is ended for what the client did. False when that happens too often.</summary>
    public bool Refuse(int id, Breach breach)
    {
        _worker.Tally.Count(breach);
        Reset(id, breach.Code());
        Find(id)?.BreakOff();
        return TakeReset();
    }

    /// <summary>The windows of all streams change together (6.9.2).</summary>
    public bool TryWiden(int change)
    {
        foreach (var strand in _open.Values.ToList())
            if (!strand.Widen(change)) return false;
        return true;
    }

    /// <summary>A strand has ended.</summary>
    public void Leave(Strand strand)
    {
        if (!_open.Remove(strand.Id)) return;
        if (!strand.IsBroken && !_trunk.Outbox.IsOver)
        {
            if (!strand.AnswerEnded) Reset(strand.Id, strand.IsExpired ? ErrorCode.Cancel : ErrorCode.Internal);
            else if (!strand.Asking.Ended) Reset(strand.Id, ErrorCode.None);
        }

        if (_open.Count > 0) return;
        _empty.Set();
        _trunk.OnEmpty();
    }

    /// <summary>The trunk is over; ends when the last of them has ended.</summary>
    public async Flow<bool> End()
    {
        _empty.Reset();
        foreach (var strand in _open.Values.ToList()) strand.BreakOff();
        if (_open.Count > 0) await _empty;
        return true;
    }

    bool TakeReset() => _resets.Take(_worker.Loop.Now) || _trunk.Fail(Breach.TooManyResets);

    void Reset(int id, ErrorCode code)
    {
        _reset.Add(id);
        _trunk.PutNumber(FrameKind.Reset, id, (int)code);
    }
}

using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Gateway.Transport;
using Limits = Slipway.Gateway.Http.Limits;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// One request and its answer, from the first byte of the one to the last of the other. A loop has as many of these as
/// it ever had requests at the same time, and uses them again.
/// </summary>
sealed class Passage
{
    readonly Worker _worker;
    readonly Limits _limits;
    readonly RequestReader _reader;
    readonly Upload _upload;
    readonly Download _download;
    Connection _connection = null!;
    Basin _in;
    Site? _site;
    Instance? _instance;
    UpstreamWire? _up;
    long _arrived, _arrivedMs;
    bool _keeps, _forced, _injected;

    /// <summary>A field, because taking a copy of it would lose what it learns.</summary>
    internal Claim Claim;

    public Passage(Worker worker)
    {
        (_worker, _limits) = (worker, worker.Limits);
        _reader = new(worker.Limits);
        _upload = new(worker.Loop, worker.Limits);
        _download = new(worker);
        _in = new(worker.Loop.Buffers);
        UnderWay = new(this);
    }

    /// <summary>Its place among those under way, or those that are held.</summary>
    public LinkedListNode<Passage> UnderWay { get; }

    public RequestHead Head => _reader.Head;
    public Wire Client { get; private set; } = null!;
    public Tunnel? Tunnel { get; set; }

    /// <summary>Something of a next request is here already.</summary>
    public bool HasMore => _in.Count > 0;

    /// <summary>What came behind the head of a request without a body.</summary>
    public ReadOnlyMemory<byte> Behind => _in.Bytes.AsMemory(Head.End, _in.End - Head.End);

    public void Join(Connection connection) => (_connection, Client) = (connection, connection.Wire);

    public void Leave()
    {
        _in.Close();
        _upload.Clear();
        (_connection, Client, _site, _instance) = (null!, null!, null, null);
    }

    /// <summary>False when the connection is over, with or without a word about it.</summary>
    public async Flow<bool> ReadHead()
    {
        _in.Open(Buffers.Small);
        _reader.Begin(_in.Bytes, _in.Start);
        for (var begun = false; ;)
        {
            if (_in.Count > 0)
            {
                var progress = _reader.Read(_in.Bytes, _in.End);
                if (progress == Progress.Whole) break;
                if (progress == Progress.Refused) return await Refuse(_reader.Refusal);
                if (_in.Room == 0) _in.Grow();
                if (!begun) Client.Until(_limits.HeadTime);
                begun = true;
            }
            else if (!Client.CanRead)
            {
                Client.Until(_limits.KeepAlive);
            }

            while (!Client.CanRead && !Client.IsOver) await Client.Readable();
            if (Client.IsExpired && begun) return await Slow();
            if (Client.IsOver || _in.ReceiveFrom(Client) < 0) return false;
        }

        Client.Until(Timed.Never);
        (_arrived, _arrivedMs) = (_worker.Lane.Now, _worker.Loop.Now);
        return true;
    }

    /// <summary>Whether the connection may bring another request.</summary>
    public async Flow<bool> Forward()
    {
        _worker.Tally.Requests++;
        (_keeps, _forced, _injected, Tunnel) = (Head.Persists && !_worker.IsDraining, false, false, null);
        _instance = null;
        _upload.Begin(Head, _in.Bytes.AsSpan(Head.End, _in.End - Head.End));
        if (_upload.Refusal != Refusal.None) return await Refuse(_upload.Refusal);
        _site = _connection.Door.Find(Head);
        _worker.Begin(this);
        try
        {
            if (!await (_site is null ? SayNobodyHere() : Serve(_site))) return false;
        }
        finally
        {
            UnderWay.List?.Remove(UnderWay);
        }

        _in.Skip(Head.End - _in.Start + _upload.First);
        _upload.HandOver(ref _in);
        return true;
    }

    /// <summary>Whoever has no more time is cut off, in words where words are possible.</summary>
    public void Force()
    {
        if (_forced) return;
        _forced = true;
        if (Tunnel is { } tunnel) tunnel.Force();
        else _up?.Sever();
    }

    public bool MustEnd => _instance?.MustEnd(_worker.Lane.Now) == true
        || (_limits.Total is { } total && _worker.Loop.Now - _arrivedMs > total.TotalMilliseconds);

    public Trial WhyLost(UpstreamWire up) => _forced ? Trial.Cut
        : _upload.Trouble is not (Trial.Good or Trial.NoAnswer) ? _upload.Trouble
        : up.IsExpired ? Trial.TimedOut
        : Trial.ClientLeft;

    /// <summary>Says how the connection goes on after this answer, which is about to begin.</summary>
    public Manner Settle(ResponseHead answer, bool endsByClosing)
    {
        var leaves = _instance!.Draining;
        _keeps = _keeps && !endsByClosing && !leaves && !_worker.IsDraining && _upload.Ended;
        _instance.Answered(answer.Status);
        return new(Head.IsOld, !_keeps, false, _site!.Options.VersionHeader)
        {
            Drain = leaves ? (long)_instance.Left(_worker.Lane.Now).TotalSeconds : null,
        };
    }

    async Flow<bool> Serve(Site site)
    {
        Instance? not = null;
        for (var attempt = 0; ; attempt++)
        {
            Claim = site.Claim(Head, _connection.Caller, _worker.Lane);
            if (Claim.Verdict != Verdict.Forward)
            {
                if (Claim.Verdict == Verdict.Refuse) return await Say(OwnAnswer.TurnedAway);
                if (IsHealth(site)) return await Say(OwnAnswer.Healthy);
                if (!await Hold(Claim.HoldAtMost)) return !Client.IsOver && await Say(OwnAnswer.NobodyReady);
                attempt--;
                continue;
            }

            var trial = Trial.Cut;
            var mayRetry = false;
            try
            {
                if (!_injected && Claim.Injection is { } injection && await Inject(injection)) return _keeps;
                trial = await Try(not, attempt);
                mayRetry = attempt < _limits.Retries && IsSafe(trial) && Claim.MayRetry();
                if (!mayRetry) return await Conclude(trial);
            }
            finally
            {
                Claim.Release();
            }

            _worker.Tally.Retried++;
            not = trial == Trial.Stale ? null : _instance;
        }
    }

    /// <summary>
    /// Nothing of the request can have had an effect, or an effect twice is the same as once. And nobody has seen any
    /// of the answer, and the request is still here.
    /// </summary>
    bool IsSafe(Trial trial) => !_download.Begun && !_upload.Touched && !Client.IsOver
        && (trial == Trial.NotReached || (trial is Trial.Stale or Trial.NoAnswer && Head.IsIdempotent));

    async Flow<Trial> Try(Instance? not, int attempt)
    {
        _instance = Claim.Pick(not) ?? (not is null ? null : Claim.Pick(null));
        if (_instance is null) return Trial.NotReached;
        _download.Begin();
        try
        {
            // Once a connection was stale, others of its age may be too.
            _up = attempt == 0 ? _worker.Upstreams.Take(_instance, Head.IsIdempotent) : null;
            var reused = _up is not null;
            _up ??= await _worker.Upstreams.Connect(_instance);
            if (_up is null) return Failed(Trial.NotReached);
            Client.Partner = _up;
            if (Client.IsBroken) return Trial.ClientLeft;
            var trial = await Exchange(_up);
            return Failed(trial == Trial.NoAnswer && reused ? Trial.Stale : trial);
        }
        finally
        {
            await LetGo();
        }
    }

    async Flow<Trial> Exchange(UpstreamWire up)
    {
        up.Until(_limits.FirstByte);
        var length = Write();
        var scratch = _worker.Loop.Buffers.Scratch;
        var sent = up.Send(scratch.AsSpan(0, length));
        // Others use the scratch meanwhile.
        if (sent < 0 || (sent < length && !await Sending.All(up, scratch[sent..length], 0, length - sent)))
            return up.IsOver ? WhyLost(up) : Trial.NoAnswer;
        if (!_upload.Ended) _upload.Start(Client, up);
        return await _download.Run(this, up);
    }

    int Write()
    {
        var pen = new Pen(_worker.Loop.Buffers.Scratch);
        RequestWriter.Write(ref pen, Head, _connection.Caller, _instance!, ref _worker.Lane.Chance);
        pen.Write(_in.Bytes.AsSpan(Head.End, _upload.First));
        return pen.Length;
    }

    Trial Failed(Trial trial)
    {
        if (trial == Trial.NotReached) _instance!.Failed(Failure.Connect);
        else if (trial == Trial.TimedOut) _instance!.Failed(Failure.Timeout);
        else if (trial is Trial.NoAnswer or Trial.Broken) _instance!.Failed(Failure.Broken);
        return trial;
    }

    /// <summary>Of the instance and of the connection to it, which serves the next one if it is fit to.</summary>
    async Flow<bool> LetGo()
    {
        Client.Partner = null;
        if (_up is { } up)
        {
            await _upload.Stop(Client, up);
            _up = null;
            if (_download.LeavesClean && _upload.Ended && !_instance!.Draining) _worker.Upstreams.Put(up);
            else up.Close();
        }

        _download.End();
        _instance!.Done();
        return true;
    }

    async Flow<bool> Conclude(Trial trial)
    {
        Count(trial);
        if (trial == Trial.Good) return Tunnel is null && _keeps;
        if (trial is Trial.ClientTooSlow) _worker.Tally.Slow++;
        if (trial == Trial.BadBody) _worker.Tally.Count(_upload.Refusal);
        _keeps = _keeps && !_upload.Touched;
        // What has begun can only be broken off, so that nobody takes a part of it for the whole.
        if (_download.Begun || trial == Trial.ClientLeft) return _connection.Abandon();
        return await Say(AnswerTo(trial));
    }

    OwnAnswer AnswerTo(Trial trial) => trial switch
    {
        Trial.NotReached => _instance is null ? OwnAnswer.NobodyReady : OwnAnswer.NotReached,
        Trial.TimedOut => OwnAnswer.TimedOut,
        Trial.ClientTooSlow => OwnAnswer.TooSlow,
        Trial.BadBody => OwnAnswer.Of(_upload.Refusal),
        Trial.Cut => _instance!.Draining ? OwnAnswer.Leaving : OwnAnswer.TimedOut,
        _ => OwnAnswer.Broken,
    };

    void Count(Trial trial)
    {
        var status = trial == Trial.Good || _download.Begun ? _download.Head.Status
            : trial == Trial.ClientLeft ? 0 : AnswerTo(trial).Status;
        var ending = trial switch
        {
            Trial.Good => Ending.Answered,
            Trial.NotReached => Ending.ConnectFailed,
            Trial.TimedOut => Ending.TimedOut,
            Trial.ClientLeft or Trial.ClientTooSlow or Trial.BadBody => Ending.ClientLeft,
            _ => Ending.Broken,
        };
        Claim.Record(new(status, ending)
        {
            Microseconds = _worker.Microseconds(_arrived),
            BytesIn = _upload.Count + (Tunnel?.ToInstance ?? 0),
            BytesOut = _download.Count,
            Streamed = _download.Streams,
        });
    }

    bool IsHealth(Site site) => site.Options.HealthPath is { } path
        && System.Text.Ascii.Equals(Head.Path, path) && (Head.IsHead || Head.Method.SequenceEqual("GET"u8));

    /// <summary>Until something has changed; false when the time is over, counted from the request's arrival.</summary>
    async Flow<bool> Hold(TimeSpan atMost)
    {
        if (!_worker.TryHold(this)) return false;
        Client.Until(_arrivedMs + (long)atMost.TotalMilliseconds);
        await Client.Nudged();
        _worker.Resume(this);
        if (Client.IsExpired || Client.IsOver || Client.IsBroken) return TimeIsOver();
        Client.Until(Timed.Never);
        return true;
    }

    bool TimeIsOver()
    {
        if (Client.IsExpired) Client.Until(Timed.Never);
        return false;
    }

    /// <summary>For drills. True when that was the answer.</summary>
    async Flow<bool> Inject(Injection injection)
    {
        _injected = true;
        if (injection.Delay > TimeSpan.Zero)
        {
            Client.Until(injection.Delay);
            await Client.Nudged();
            Client.Until(Timed.Never);
        }

        if (injection.Status is not { } status) return false;
        Claim.Record(new(status) { Microseconds = _worker.Microseconds(_arrived) });
        _keeps = await Say(OwnAnswer.Of(status));
        return true;
    }

    Flow<bool> SayNobodyHere()
    {
        _worker.Tally.NobodyHere++;
        return Say(OwnAnswer.NobodyHere);
    }

    async Flow<bool> Refuse(Refusal refusal)
    {
        _worker.Tally.Count(refusal);
        _keeps = false;
        return await Say(OwnAnswer.Of(refusal));
    }

    async Flow<bool> Slow()
    {
        _worker.Tally.Slow++;
        _keeps = false;
        Client.Until(Timed.Never);
        return await Say(OwnAnswer.TooSlow);
    }

    /// <summary>The gateway's own word; whether the connection goes on after it.</summary>
    async Flow<bool> Say(OwnAnswer answer)
    {
        _keeps = _keeps && _upload.Ended && !_worker.IsDraining;
        if (Client.IsExpired) Client.Until(Timed.Never);
        var pen = new Pen(_worker.Loop.Buffers.Scratch);
        answer.Write(ref pen, !_keeps, Head.IsHead, _limits.RetryAfterSeconds);
        var bytes = _worker.Loop.Buffers.Scratch.AsSpan(0, pen.Length).ToArray();
        return await Sending.ToClient(Client, bytes, 0, bytes.Length, _limits) == Trial.Good && _keeps;
    }
}

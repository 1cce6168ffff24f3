using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// One request and its answer, from the first byte of the one to the last of the other. A loop has as many of these as
/// it ever had requests at the same time, and uses them again.
/// </summary>
sealed partial class Passage
{
    readonly Worker _worker;
    readonly WireLimits _limits;
    readonly RequestReader _reader;
    readonly Attempt _attempt;
    Connection _connection = null!;
    Basin _in;
    long _arrivedMs;

    /// <summary>Of a client that sends no more: what it has got, and since when nothing more.</summary>
    long _got, _silentSince;
    bool _injected, _held;

    public Passage(Worker worker)
    {
        (_worker, _limits) = (worker, worker.Limits);
        _reader = new(worker.Limits);
        _attempt = new(worker, _reader.Head);
        _in = new(worker.Loop.Buffers);
        _uptake = new(worker.Limits);
        Place = new(this);
    }

    /// <summary>Among those under way, or those that are held.</summary>
    public LinkedListNode<Passage> Place { get; }

    /// <summary>Something of a next request is here already.</summary>
    public bool HasMore => _in.Count > 0;

    /// <summary>Its fleet has no more time for it, or it has taken too long by itself.</summary>
    public bool MustEnd => _attempt.MustEnd || IsLate;

    /// <summary>Nobody seems to wait for the answer any more, and nothing of it comes that would show it.</summary>
    public bool IsForsaken
    {
        get
        {
            if (!Client.PeerEnded || _attempt.Tunnel is not null) return false;
            if (_attempt.Download.Uptake.IsAwaited)
            {
                // Something is there for it; how long it may take for that is limited elsewhere.
                _silentSince = 0;
                return false;
            }

            var (now, got) = (_worker.Loop.Now, _attempt.Download.Count);
            if (_silentSince == 0 || got != _got) (_got, _silentSince) = (got, now);
            return now - _silentSince > _limits.HalfClosed.TotalMilliseconds;
        }
    }

    /// <summary>What has come is no request, but the beginning of HTTP/2.</summary>
    public bool HasTurned { get; private set; }

    public ReadOnlyMemory<byte> Came => _in.HeldMemory;

    bool IsLate => _attempt.Patience.Total is { } total && _worker.Loop.Now - _arrivedMs >= total.TotalMilliseconds;

    RequestHead Head => _reader.Head;
    Wire Client => _connection.Wire;

    public void Join(Connection connection) => (_connection, HasTurned) = (connection, false);

    public void Leave()
    {
        End();
        _in.Close();
        _attempt.Leave();
        _connection = null!;
    }

    /// <summary>Nobody need look after it any more.</summary>
    public void End() => Place.List?.Remove(Place);

    public void Force() => _attempt.Force();

    /// <summary>As when the client breaks off.</summary>
    public void Forsake() => Client.Partner?.Sever();

    /// <summary>Whoever is held asks anew.</summary>
    public void Nudge() => Client.Nudge();

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
                if (progress == Progress.Refused)
                {
                    HasTurned = _connection.MayTurn && _reader.Refusal == Refusal.VersionNotSupported
                        && _in.Held.StartsWith("PRI * HTTP/2.0\r\n"u8);
                    return !HasTurned && await Refuse(_reader.Refusal);
                }

                if (_in.Room == 0) _in.Grow();
                if (!begun) Client.Until(_limits.HeadTime);
                begun = true;
            }
            else if (!Client.CanRead)
            {
                Client.Until(_limits.KeepAlive);
            }

            while (!Client.CanRead && !Client.IsOver) await Client.Readable();
            if (Client.IsExpired && begun) return await GiveUp();
            if (Client.IsOver || _in.ReceiveFrom(Client) < 0) return false;
        }

        Client.Until(Timed.Never);
        _arrivedMs = _worker.Loop.Now;
        return true;
    }

    /// <summary>Whether the connection may bring another request.</summary>
    public Flow<bool> Forward()
    {
        _worker.Tally.Requests++;
        (_injected, _held, _silentSince) = (false, false, 0);
        _attempt.Begin(_connection, _in.Bytes.AsMemory(Head.End, _in.End - Head.End));
        if (_attempt.Upload.Refusal is var bad and not Refusal.None) return Refuse(bad);
        if (_attempt.Site is not { } site) return SayNobodyHere();
        _worker.Begin(this);
        return Serve(site);
    }

    /// <summary>The request is over, and what came behind it is the next one.</summary>
    public void Finish()
    {
        End();
        _in.Skip(Head.End - _in.Start + _attempt.Upload.First);
        _attempt.Upload.HandOver(ref _in);
    }

    async Flow<bool> Serve(Site site)
    {
        Instance? not = null;
        for (var attempt = 0; ;)
        {
            _attempt.Claim = site.Claim(Head, _connection.Caller, _worker.Lane, not);
            if (_attempt.Claim.Verdict != Verdict.Forward)
            {
                if (_attempt.Claim.Verdict == Verdict.Refuse) return await TurnAway(OwnAnswer.TurnedAway);
                if (IsHealth(site)) return await Say(OwnAnswer.Healthy);
                if (await Hold(_attempt.Claim.HoldAtMost)) continue;
                if (HasLeftHeld) return RecordLeft();
                return await TurnAway(IsLate ? OwnAnswer.HeldTooLong : OwnAnswer.NobodyReady);
            }

            var trial = Trial.Cut;
            try
            {
                if (!_injected && _attempt.Claim.Injection is { } injection && await Inject(injection))
                    return _attempt.Keeps;
                trial = await _attempt.Try(not, attempt > 0);
                // A try that has reached nobody has cost nobody.
                if (attempt == _limits.Retries || !_attempt.IsSafeAfter(trial)
                    || !(trial == Trial.NotReached || _attempt.Claim.MayRetry()))
                    return await Conclude(trial);
                _attempt.Claim.Retries(reached: trial != Trial.NotReached);
            }
            finally
            {
                _attempt.Claim.Release();
            }

            attempt++;
            not = trial == Trial.Stale ? null : _attempt.Instance;
        }
    }

    async Flow<bool> Conclude(Trial trial)
    {
        var download = _attempt.Download;
        // Cut by nobody else: it has taken too long as a whole.
        if (trial == Trial.Cut && !_attempt.MustEnd && !_worker.HasCut) trial = Trial.TimedOut;
        // What has begun can only be broken off, so that nobody takes a part of it for the whole.
        var own = trial == Trial.Good || download.Begun || trial == Trial.ClientLeft ? null : AnswerTo(trial);
        _attempt.Record(own?.Status ?? (download.Begun ? download.Head.Status : 0), EndingOf(trial));
        if (trial == Trial.Good) return _attempt.Tunnel is null && _attempt.Keeps;
        if (trial == Trial.ClientTooSlow) _worker.Tally.Slow++;
        if (trial == Trial.BadBody) _worker.Tally.Count(_attempt.Upload.Refusal);
        if (own is null) return _connection.Abandon();
        _attempt.Keeps = _attempt.Keeps && !_attempt.Upload.Touched;
        return await Say(own);
    }

    bool IsHealth(Site site) => site.Options.HealthPath is { } path
        && System.Text.Ascii.Equals(Head.Path, path) && (Head.IsHead || Head.Method.SequenceEqual("GET"u8));

    /// <summary>
    /// Until something has changed; false when the time is over, counted from the request's arrival, or nobody waits.
    /// </summary>
    async Flow<bool> Hold(TimeSpan atMost)
    {
        _held = _worker.TryHold(this);
        if (!_held) return false;
        var total = _attempt.Patience.Total;
        Client.Until(_arrivedMs + (long)(total < atMost ? total.Value : atMost).TotalMilliseconds);
        if (!Client.PeerEnded) await Client.Nudged();
        _worker.Resume(this);
        var goesOn = !Client.IsOver && !Client.IsBroken && !Client.PeerEnded;
        if (goesOn || Client.IsExpired) Client.Until(Timed.Never);
        return goesOn;
    }

    /// <summary>
    /// Whoever speaks no more while nothing of his request was given on has left: most who do are gone, have had an
    /// error and ask again, and then the same would be done twice, perhaps minutes later. One who only listens loses an
    /// answer, and nothing was done. Nobody can tell the one from the other before writing to them.
    /// </summary>
    bool HasLeftHeld => _held && (Client.PeerEnded || Client.IsBroken);

    /// <summary>For drills. True when that was the answer.</summary>
    async Flow<bool> Inject(Injection injection)
    {
        _injected = true;
        if (injection.Delay > TimeSpan.Zero)
        {
            Client.Until(injection.Delay);
            while (!Client.IsOver && !Client.IsBroken) await Client.Nudged();
            Client.Until(Timed.Never);
        }

        if (injection.Status is not { } status) return false;
        _attempt.Record(status, Ending.Answered);
        _attempt.Keeps = await Say(OwnAnswer.Of(status));
        return true;
    }
}

using Slipway.Gateway.Http;
using Slipway.Gateway.Mirroring;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>Gives a request to an instance, and what comes back to the client. Once more where that is safe.</summary>
sealed class Attempt(Worker worker, RequestHead head)
{
    readonly WireLimits _limits = worker.Limits;
    readonly RequestId _id = new();
    UpstreamWire? _up;
    ShadowCopy? _copy;
    Door _door = null!;
    bool _forced, _mirrored;

    /// <summary>A field, because taking a copy of it would lose what it learns.</summary>
    internal Claim Claim;

    public RequestHead Head => head;
    public Upload Upload { get; } = new(worker.Loop, worker.Limits);
    public Download Download { get; } = new(worker);
    public Wire Client { get; private set; } = null!;
    public Caller Caller { get; private set; }
    public Site? Site { get; private set; }
    public Patience Patience { get; private set; }
    public Instance? Instance { get; private set; }
    public Tunnel? Tunnel { get; set; }

    /// <summary>The client's connection may bring another request.</summary>
    public bool Keeps { get; set; }

    /// <summary>When the request's head was whole, by the lane's clock.</summary>
    public long Arrived { get; private set; }

    /// <summary>What came behind the head.</summary>
    public ReadOnlyMemory<byte> Behind { get; private set; }

    /// <summary>At the deadline of its fleet.</summary>
    public bool MustEnd => Instance?.MustEnd(worker.Lane.Now) == true;

    /// <summary>The next request has to come on another connection: the gateway goes, or its door is closed.</summary>
    bool ComesAnew => worker.IsDraining || _door.IsEmpty;

    /// <summary>
    /// Nothing of the request can have had an effect, or an effect twice is the same as once. And nobody has seen any
    /// of the answer, and the request is still here.
    /// </summary>
    public bool IsSafeAfter(Trial trial) => !Download.Begun && !Upload.Touched && !Client.IsOver && !_forced
        && (trial == Trial.NotReached || (trial is Trial.Stale or Trial.NoAnswer && head.IsIdempotent));

    public void Begin(Connection connection, ReadOnlyMemory<byte> behind)
    {
        (Client, Caller, Behind, _door) = (connection.Wire, connection.Caller, behind, connection.Door);
        (Site, Instance, Tunnel, _up, _copy) = (_door.Find(head), null, null, null, null);
        Patience = Patience.Of(Site, _limits);
        (_forced, _mirrored, Keeps) = (false, false, head.Persists && !ComesAnew);
        Arrived = worker.Lane.Now;
        _id.Make(head, ref worker.Lane.Chance);
        Download.Begin(Patience.Idle);
        Upload.Begin(head, behind.Span, Patience);
    }

    public void Leave()
    {
        Upload.Clear();
        (Client, Site, Instance, Tunnel, Behind) = (null!, null, null, null, default);
    }

    /// <summary>Whoever has no more time is cut off, in words where words are possible.</summary>
    public void Force()
    {
        var again = _forced;
        _forced = true;
        if (Tunnel is { } tunnel)
        {
            tunnel.Force();
        }
        else if (Download.Uptake.IsAwaited)
        {
            // Also when that began after the first time.
            Client.Sever();
        }
        else if (!again)
        {
            Download.EndEarly(Client);
            _up?.Sever();
        }
    }

    /// <summary>Whoever takes an answer too slowly for the time that there is, is too slow himself.</summary>
    public Trial WhyGone() => _forced || Client.IsExpired ? Trial.ClientTooSlow : Trial.ClientLeft;

    public Trial WhyLost(UpstreamWire up) => _forced ? Trial.Cut
        : Upload.Trouble is not (Trial.Good or Trial.NoAnswer) ? Upload.Trouble
        : up.IsExpired ? Trial.TimedOut
        : Trial.ClientLeft;

    /// <summary>Says how the connection goes on after this answer, which is about to begin.</summary>
    public Manner Settle(ResponseHead answer, bool endsByClosing)
    {
        var leaves = Instance!.Draining;
        Keeps = Keeps && !endsByClosing && !leaves && !ComesAnew && Upload.Ended;
        Instance.Answered(answer.Status);
        return new(head.IsOld, !Keeps, false, Site!.Options.VersionHeader)
        {
            Drain = leaves ? (long)Instance.Left(worker.Lane.Now).TotalSeconds : null,
        };
    }

    public async Flow<Trial> Try(Instance? not, bool again)
    {
        Instance = Claim.Pick(not) ?? (not is null ? null : Claim.Pick(null));
        if (Instance is null) return Trial.NotReached;
        Download.Begin(Patience.Idle);
        if (!_mirrored) Copy();
        try
        {
            // Once a connection was stale, others of its age may be too.
            _up = again ? null : worker.Upstreams.Take(Instance, head.IsIdempotent);
            var reused = _up is not null;
            if (_up is null)
            {
                var way = await worker.Upstreams.Connect(Instance);
                if (way.Wire is null) return way.IsFull ? OutOfDescriptors() : Failed(Trial.NotReached);
                _up = way.Wire;
            }

            Client.Partner = _up;
            // Much may have happened while we waited for the connection.
            if (_forced) return Trial.Cut;
            if (Client.IsBroken || Client.IsOver) return Trial.ClientLeft;
            var trial = await Exchange(_up);
            return Failed(trial == Trial.NoAnswer && reused ? Trial.Stale : trial);
        }
        finally
        {
            if (_up is { } up && Upload.Runs) await Upload.Stop(Client, up);
            LetGo(Instance);
        }
    }

    /// <summary>Once, when what came of the request is known.</summary>
    public void Record(int status, Ending ending)
    {
        var exchange = new Telemetry.Exchange(status, ending)
        {
            Microseconds = worker.Microseconds(Arrived),
            BytesIn = Upload.Count + (Tunnel?.ToInstance ?? 0),
            BytesOut = Download.Count,
            Streamed = Download.Streams,
        };
        Claim.Record(exchange);
        worker.Lane.Log?.Write(Claim, head, Caller, _id.Of(head), exchange);
        if (_copy is null) return;
        if (ending == Ending.Answered && Tunnel is null)
            _copy.Answered(status, exchange.Microseconds, Download.Digest);
        else _copy.Abandoned();
    }

    /// <summary>A request whose body is not whole yet has no copy; it counts as dropped.</summary>
    void Copy()
    {
        _mirrored = true;
        if (Claim.Mirrors && !RequestWriter.IsUpgrade(head))
            _copy = Claim.Mirror(new(head, Caller)
            {
                Id = _id.Of(head),
                Body = Behind.Span[..Upload.First],
                IsWhole = Upload.Ended,
            });
        Download.Digests = _copy is not null;
    }

    Flow<Trial> Exchange(UpstreamWire up)
    {
        up.Until(Patience.Answer);
        var length = Write();
        var scratch = worker.Loop.Buffers.Scratch;
        var sent = up.Send(scratch.AsSpan(0, length));
        if (sent == length) return Answer(up);
        // Others use the scratch meanwhile.
        return sent < 0 ? new(null, Trial.NoAnswer) : SendRest(up, scratch[sent..length]);
    }

    async Flow<Trial> SendRest(UpstreamWire up, byte[] rest)
    {
        if (!await Sending.All(up, rest, 0, rest.Length)) return up.IsOver ? WhyLost(up) : Trial.NoAnswer;
        return await Answer(up);
    }

    Flow<Trial> Answer(UpstreamWire up)
    {
        if (!Upload.Ended) Upload.Start(Client, up);
        return Download.Run(this, up);
    }

    int Write()
    {
        var pen = new Pen(worker.Loop.Buffers.Scratch);
        RequestWriter.Write(ref pen, head, Caller, Instance!, _id);
        pen.Write(Behind.Span[..Upload.First]);
        return pen.Length;
    }

    Trial OutOfDescriptors()
    {
        worker.Tally.OutOfDescriptors++;
        return Trial.Full;
    }

    Trial Failed(Trial trial)
    {
        if (trial == Trial.NotReached) Instance!.Failed(Failure.Connect);
        else if (trial == Trial.TimedOut) Instance!.Failed(Failure.Timeout);
        else if (trial is Trial.NoAnswer or Trial.Broken) Instance!.Failed(Failure.Broken);
        return trial;
    }

    /// <summary>Of the instance and of the connection to it, which serves the next one if it is fit to.</summary>
    void LetGo(Instance instance)
    {
        Client.Partner = null;
        if (_up is { } up)
        {
            _up = null;
            if (Download.LeavesClean && Upload.Ended && !instance.Draining) worker.Upstreams.Put(up);
            else up.Close();
        }

        Download.End();
        instance.Done();
    }
}

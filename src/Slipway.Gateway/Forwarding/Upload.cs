using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// A request's body on its way to an instance, beside the answer. It takes no more from the client than the instance
/// takes from it.
/// </summary>
sealed class Upload(Loop loop, WireLimits limits)
{
    /// <summary>After so many bytes at once, others have their turn.</summary>
    const int TurnBytes = 1024 * 1024;

    readonly Signal _over = new();
    Basin _bytes = new(loop.Buffers);
    BodyReader _body;
    Pace _pace;
    Patience _patience;

    /// <summary>The client sends nothing before it is told that its body is wanted.</summary>
    bool _waitsForWord;

    /// <summary>The answer runs beside: how long it takes is between the instance and the client.</summary>
    bool _answered;

    /// <summary>What lay behind the head and was sent together with it.</summary>
    public int First { get; private set; }
    public long Count { get; private set; }

    /// <summary>More was taken than what lay behind the head, so nobody can send it once more.</summary>
    public bool Touched { get; private set; }
    public bool Runs { get; private set; }
    public bool Ended => _body.Ended;
    public Refusal Refusal => _body.Refusal;

    /// <summary>Why it ended before its end.</summary>
    public Trial Trouble { get; private set; }

    public void Begin(RequestHead head, ReadOnlySpan<byte> behind, in Patience patience)
    {
        Clear();
        _patience = patience;
        _body.Begin(head.Framing, head.ContentLength, limits);
        (Touched, Runs, Trouble, _pace) = (false, false, Trial.Good, default);
        Count = First = _body.Take(behind);
        (_waitsForWord, _answered) = (First == 0 && head.WaitsForWord, false);
    }

    public void Start(Wire client, UpstreamWire up)
    {
        (Touched, Runs) = (true, true);
        _over.Reset();
        Run(client, up).Forget();
    }

    /// <summary>The instance wants the body: from now on the client owes it.</summary>
    public void Permit(Wire client)
    {
        if (!_waitsForWord) return;
        _waitsForWord = false;
        if (Runs) client.Nudge();
    }

    /// <summary>The answer begins. Whatever deadline the instance still had, it has kept.</summary>
    public void Answered(Wire client, UpstreamWire up)
    {
        _answered = true;
        up.Until(Timed.Never);
        if (Runs) client.Until(Timed.Never);
    }

    /// <summary>Comes to an end at once, wherever it is.</summary>
    public async Flow<bool> Stop(Wire client, UpstreamWire up)
    {
        up.Close();
        client.Nudge();
        await _over;
        return true;
    }

    /// <summary>What is here of one client must never reach another.</summary>
    public void Clear() => _bytes.Close();

    /// <summary>What came behind the body goes to the next request.</summary>
    public void HandOver(ref Basin next)
    {
        if (_bytes.Count > 0) (next, _bytes) = (_bytes, next);
        _bytes.Close();
    }

    async Flow<bool> Run(Wire client, UpstreamWire up)
    {
        try
        {
            Trouble = await Relay(client, up);
            if (Trouble is not (Trial.Good or Trial.NoAnswer)) up.Sever();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Whoever reads the answer finds the connection over.
            Trouble = Trial.Broken;
            up.Sever();
        }
        finally
        {
            if (!_body.Ended) _bytes.Close();
            Runs = false;
            _over.Set();
        }

        return true;
    }

    async Flow<Trial> Relay(Wire client, UpstreamWire up)
    {
        var turn = TurnBytes;
        while (!_body.Ended)
        {
            if (!client.CanRead && await Wait(client, up) is var over and not Trial.Good) return over;
            _bytes.Open(Buffers.Large);
            var received = _bytes.ReceiveFrom(client);
            if (received == Wire.Again) continue;
            if (received < 0) return Trial.ClientLeft;
            var taken = _body.Take(_bytes.Held);
            if (_body.Refusal != Refusal.None) return Trial.BadBody;
            Count += taken;
            _pace.Moved(taken);
            _waitsForWord = false;
            // Where the answer is waited for, what moves this way is a sign of life too.
            if (!_answered || up.Deadline != Timed.Never) up.Until(_patience.Idle);
            if (!await Sending.All(up, _bytes.Bytes, _bytes.Start, taken)) return Trial.NoAnswer;
            _bytes.Skip(taken);
            if ((turn -= taken) > 0) continue;
            turn = TurnBytes;
            await new Turn(loop);
        }

        if (_answered) return Trial.Good;
        client.Until(Timed.Never);
        up.Until(_patience.Answer);
        return Trial.Good;
    }

    async Flow<Trial> Wait(Wire client, UpstreamWire up)
    {
        _bytes.Close();
        while (!client.CanRead)
        {
            var owed = Owed;
            if (owed)
            {
                // Meanwhile nobody can blame the instance.
                up.Until(Timed.Never);
                _pace.Wait(client, limits, _patience.Idle, streams: !_body.HasLength);
            }

            // Whoever could not send for a part of the time gets all of it anew.
            var heldBack = client.IsHeldBack;
            await client.Readable();
            if (up.IsClosed) return Trial.NoAnswer;
            if (owed && client.IsExpired && (heldBack || client.IsHeldBack)) continue;
            if (owed) _pace.Waited(client);
            if (client.IsExpired) return Trial.ClientTooSlow;
            if (client.IsOver) return Trial.ClientLeft;
        }

        // The instance has its time from when it has everything.
        if (Owed) up.Until(_patience.Answer);
        return Trial.Good;
    }

    /// <summary>It is the client's turn, and nobody else's.</summary>
    bool Owed => !_waitsForWord && !_answered;
}

using Slipway.Gateway.Http;
using Slipway.Gateway.Telemetry;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>What the gateway says by itself to a request.</summary>
sealed partial class Passage
{
    readonly Uptake _uptake;

    OwnAnswer AnswerTo(Trial trial) => trial switch
    {
        Trial.NotReached => _attempt.Instance is null ? OwnAnswer.NobodyReady : OwnAnswer.NotReached,
        Trial.Full => OwnAnswer.NoRoom,
        Trial.TimedOut => OwnAnswer.TimedOut,
        Trial.ClientTooSlow => OwnAnswer.TooSlow,
        Trial.BadBody => OwnAnswer.Of(_attempt.Upload.Refusal),
        Trial.Cut => _attempt.MustEnd ? OwnAnswer.Leaving : OwnAnswer.GatewayLeaving,
        _ => OwnAnswer.Broken,
    };

    static Ending EndingOf(Trial trial) => trial switch
    {
        Trial.Good => Ending.Answered,
        Trial.NotReached => Ending.ConnectFailed,
        Trial.Full => Ending.Full,
        Trial.TimedOut => Ending.TimedOut,
        Trial.ClientLeft or Trial.ClientTooSlow or Trial.BadBody => Ending.ClientLeft,
        _ => Ending.Broken,
    };

    /// <summary>No fleet got it; that is counted all the same.</summary>
    async Flow<bool> TurnAway(OwnAnswer answer)
    {
        if (Client.IsOver || Client.IsBroken) return RecordLeft();
        _attempt.Record(answer.Status, answer == OwnAnswer.HeldTooLong ? Ending.TimedOut : Ending.Answered);
        return await Say(answer);
    }

    /// <summary>Nobody is there any more to be told. Always false.</summary>
    bool RecordLeft()
    {
        _attempt.Record(0, Ending.ClientLeft);
        return false;
    }

    async Flow<bool> Refuse(Refusal refusal)
    {
        _worker.Tally.Count(refusal);
        _worker.Lane.Log?.WriteRefused(_worker.Lane.Wall, Head, _connection.Caller, refusal);
        return await SayLast(OwnAnswer.Of(refusal));
    }

    async Flow<bool> GiveUp()
    {
        _worker.Tally.Slow++;
        return await SayLast(OwnAnswer.TooSlow);
    }

    Flow<bool> SayNobodyHere()
    {
        _worker.Tally.NobodyHere++;
        return Say(OwnAnswer.NobodyHere);
    }

    /// <summary>The gateway's own word; whether the connection goes on after it.</summary>
    async Flow<bool> Say(OwnAnswer answer)
    {
        var keeps = _attempt.Keeps && _attempt.Upload.Ended && !_worker.IsDraining;
        return await Send(answer, keeps) && keeps;
    }

    /// <summary>Always false.</summary>
    async Flow<bool> SayLast(OwnAnswer answer)
    {
        await Send(answer, keeps: false);
        return false;
    }

    async Flow<bool> Send(OwnAnswer answer, bool keeps)
    {
        if (Client.IsExpired) Client.Until(Timed.Never);
        var pen = new Pen(_worker.Loop.Buffers.Scratch);
        answer.Write(ref pen, !keeps, Head.IsHead, _limits.RetryAfterSeconds);
        var bytes = _worker.Loop.Buffers.Scratch.AsSpan(0, pen.Length).ToArray();
        _uptake.Begin(_limits.BodyIdle);
        return await Sending.ToClient(Client, bytes, 0, bytes.Length, _uptake);
    }
}

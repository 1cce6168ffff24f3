using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>Sends until everything is sent, as fast as the other side takes it.</summary>
static class Sending
{
    /// <summary>The deadline is set already. False when it has passed, or the other side is gone.</summary>
    public static async Flow<bool> All(Wire to, byte[] bytes, int start, int count)
    {
        while (count > 0)
        {
            if (to.IsOver) return false;
            var sent = to.Send(bytes.AsSpan(start, count));
            if (sent < 0) return false;
            (start, count) = (start + sent, count - sent);
            if (count > 0 && !to.CanWrite) await to.Writable();
        }

        return true;
    }

    /// <summary>To a client, each of whose pauses is limited.</summary>
    public static async Flow<Trial> ToClient(Wire to, byte[] bytes, int start, int count, WireLimits limits)
    {
        var pace = default(Pace);
        while (true)
        {
            if (to.IsOver) return to.IsExpired ? Trial.ClientTooSlow : Trial.ClientLeft;
            var sent = to.Send(bytes.AsSpan(start, count));
            if (sent < 0) return Trial.ClientLeft;
            (start, count) = (start + sent, count - sent);
            pace.Moved(sent);
            if (count == 0) break;
            if (to.CanWrite) continue;
            pace.Wait(to, limits);
            await to.Writable();
            pace.Waited(to);
        }

        to.Until(Timed.Never);
        return Trial.Good;
    }
}

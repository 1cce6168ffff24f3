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

    /// <summary>To a client, who may take its time. False when it has no more of that, or has left.</summary>
    public static async Flow<bool> ToClient(Wire to, byte[] bytes, int start, int count, Uptake uptake)
    {
        while (!to.IsOver)
        {
            var sent = to.Send(bytes.AsSpan(start, count));
            if (sent < 0) return false;
            (start, count) = (start + sent, count - sent);
            uptake.Moved(sent);
            if (count == 0) return true;
            if (!to.CanWrite && !await uptake.Wait(to)) return false;
        }

        return false;
    }
}

using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// How long a client may take to send a body: each time as long as a body may be idle, and in all not longer than the
/// slowest client that is served would need for what it has sent. A body without a length may be a stream: what comes
/// of it comes when it happens, and nobody can say how much that should be.
/// </summary>
struct Pace
{
    long _waited, _moved, _since;

    public void Moved(int bytes) => _moved += bytes;

    public void Wait(Wire client, WireLimits limits, TimeSpan idle, bool streams)
    {
        _since = client.Loop.Now;
        if (streams)
        {
            client.Until(idle);
            return;
        }

        var allowed = limits.SlowGrace + TimeSpan.FromSeconds(_moved / (double)limits.SlowestClient)
            - TimeSpan.FromMilliseconds(_waited);
        client.Until(allowed < idle ? allowed : idle);
    }

    public void Waited(Wire client) => _waited += client.Loop.Now - _since;
}

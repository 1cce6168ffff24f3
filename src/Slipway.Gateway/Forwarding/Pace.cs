using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// How long a client may keep others waiting: each time as long as a body may be idle, and in all not longer than the
/// slowest client that is served would need for what it has moved.
/// </summary>
struct Pace
{
    long _waited, _moved, _since;

    public void Moved(int bytes) => _moved += bytes;

    public void Wait(Wire client, WireLimits limits) => Wait(client, limits, limits.BodyIdle);

    public void Wait(Wire client, WireLimits limits, TimeSpan idle)
    {
        _since = client.Loop.Now;
        var allowed = limits.SlowGrace + TimeSpan.FromSeconds(_moved / (double)limits.SlowestClient)
            - TimeSpan.FromMilliseconds(_waited);
        client.Until(allowed < idle ? allowed : idle);
    }

    public void Waited(Wire client) => _waited += client.Loop.Now - _since;
}

using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

sealed partial class Download
{
    /// <summary>Nobody has to see the rest of the body, and there is enough of it.</summary>
    bool MayPass => _body.HasLength && _body.Left >= Conduit.Worthwhile && _bytes.Count == 0 && !Digests;

    /// <summary>The rest of the body, from socket to socket.</summary>
    async Flow<Trial> Pass(Attempt attempt, SocketWire client, UpstreamWire up, Conduit conduit)
    {
        var turn = TurnBytes;
        try
        {
            while (!_body.Ended || conduit.Held > 0)
            {
                if (conduit.Held == 0)
                {
                    if (!up.CanRead && await Wait(attempt, up) is var over and not Trial.Good) return over;
                    if (up.IsOver) return attempt.WhyLost(up);
                    var received = conduit.Fill(up, _body.Left);
                    if (received == Wire.Again) continue;
                    if (received < 0) return BrokenOff();
                    _body.Pass(received);
                }

                var sent = conduit.Drain(client);
                if (sent < 0) return Trial.ClientLeft;
                Uptake.Moved(sent);
                Count += sent;
                if (conduit.Held > 0 && !client.CanWrite && !await Uptake.Wait(client)) return attempt.WhyGone();
                if ((turn -= sent) > 0) continue;
                turn = TurnBytes;
                await new Turn(worker.Loop);
            }

            return Trial.Good;
        }
        finally
        {
            worker.Conduits.Return(conduit);
        }
    }
}

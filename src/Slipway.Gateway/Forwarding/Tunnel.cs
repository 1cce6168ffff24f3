using System.Security.Cryptography;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>After an upgrade: both directions as they come, until both have ended.</summary>
sealed class Tunnel(Worker worker, Wire client, UpstreamWire up, bool isWebSocket)
{
    /// <summary>Of a close frame: final, close, two bytes: 1001, going away.</summary>
    static readonly byte[] GoingAway = [0x88, 0x02, 0x03, 0xE9];

    readonly Signal _over = new();
    readonly Pump _down = new(worker.Loop.Buffers), _up = new(worker.Loop.Buffers);
    bool _closing;

    public long ToClient => _down.Count;
    public long ToInstance => _up.Count;

    sealed class Pump(Buffers buffers)
    {
        public FrameReader Frames;
        public Basin Bytes = new(buffers);
        public long Count;
        public bool Sends;
    }

    public async Flow<bool> Run(ReadOnlyMemory<byte> fromClient, ReadOnlyMemory<byte> fromInstance)
    {
        RunUp(fromClient).Forget();
        await Relay(up, client, _down, fromInstance);
        await _over;
        return true;
    }

    /// <summary>
    /// The time is over. Where a WebSocket is between two frames both sides are told; in the middle of one nothing can
    /// be said.
    /// </summary>
    public void Force()
    {
        if (_closing) return;
        _closing = true;
        if (isWebSocket && _down.Frames.IsBetween && !_down.Sends) client.Send(GoingAway);
        if (isWebSocket && _up.Frames.IsBetween && !_up.Sends) up.Send(Masked());
        if (_down.Sends || _up.Sends) Cut();
        up.Nudge();
        client.Nudge();
    }

    /// <summary>Whoever speaks to a server masks what it says.</summary>
    static byte[] Masked()
    {
        var mask = RandomNumberGenerator.GetBytes(4);
        return [0x88, 0x82, .. mask, (byte)(0x03 ^ mask[0]), (byte)(0xE9 ^ mask[1])];
    }

    async Flow<bool> RunUp(ReadOnlyMemory<byte> first)
    {
        await Relay(client, up, _up, first);
        _over.Set();
        return true;
    }

    async Flow<bool> Relay(Wire from, Wire to, Pump pump, ReadOnlyMemory<byte> first)
    {
        try
        {
            if (first.Length > 0)
            {
                pump.Bytes.Open(Buffers.Large);
                pump.Bytes.Put(first.Span);
            }

            while (!_closing && (pump.Bytes.Count > 0 || await Fill(from, to, pump)))
            {
                if (isWebSocket) pump.Frames.Take(pump.Bytes.Held);
                pump.Count += pump.Bytes.Count;
                pump.Sends = true;
                if (!await Sending.All(to, pump.Bytes.Bytes, pump.Bytes.Start, pump.Bytes.Count)) return Cut();
                pump.Sends = false;
                pump.Bytes.Clear();
            }
        }
        finally
        {
            pump.Bytes.Close();
        }

        return true;
    }

    /// <summary>False when this direction is over.</summary>
    async Flow<bool> Fill(Wire from, Wire to, Pump pump)
    {
        while (true)
        {
            if (!from.CanRead)
            {
                pump.Bytes.Close();
                Touch();
                await from.Readable();
                if (_closing) return false;
                if (from.IsOver) return Cut();
                if (!from.CanRead) continue;
            }

            pump.Bytes.Open(Buffers.Large);
            var received = pump.Bytes.ReceiveFrom(from);
            if (received > 0) return true;
            if (received == Wire.Failed) return Cut();
            if (received != Wire.Ended) continue;
            to.EndSending();
            return false;
        }
    }

    bool Cut()
    {
        client.Sever();
        up.Sever();
        return false;
    }

    void Touch()
    {
        client.Until(worker.Limits.TunnelIdle);
        up.Until(worker.Limits.TunnelIdle);
    }
}

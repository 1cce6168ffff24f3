using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// The pipes of one loop. They make large bodies cheaper and nothing else, so there are some only while most
/// descriptors are free; bytes are copied otherwise.
/// </summary>
sealed class Conduits(Descriptors descriptors)
{
    const int IdleMax = 16;

    /// <summary>Both ends of a pipe.</summary>
    const int Ends = 2;

    readonly Stack<Conduit> _idle = new();

    /// <summary>Null where there is none to be had.</summary>
    public Conduit? Rent()
    {
        if (_idle.TryPop(out var known)) return known;
        if (!descriptors.TryTakeSpare(Ends)) return null;
        if (Conduit.Open() is { } opened) return opened;
        descriptors.Return(Ends);
        return null;
    }

    /// <summary>What still holds something of one answer must not reach another.</summary>
    public void Return(Conduit conduit)
    {
        if (conduit.Held == 0 && _idle.Count < IdleMax) _idle.Push(conduit);
        else Close(conduit);
    }

    public void DropAll()
    {
        while (_idle.TryPop(out var conduit)) Close(conduit);
    }

    void Close(Conduit conduit)
    {
        conduit.Close();
        descriptors.Return(Ends);
    }
}

using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Http2;

/// <summary>
/// Strands of one trunk that have something to say and no place to say it, in the order of their turns.
/// </summary>
sealed class Turns
{
    readonly LinkedList<Strand> _waiting = new();
    readonly Loop _loop;
    readonly Func<bool> _maySendData;
    readonly Outbox _outbox;
    readonly Action _serve;
    bool _due;

    public Turns(Loop loop, Outbox outbox, Func<bool> maySendData)
    {
        (_loop, _outbox, _maySendData) = (loop, outbox, maySendData);
        _serve = () =>
        {
            _due = false;
            outbox.Flush();
            Serve();
        };
    }

    public bool Any => _waiting.Count > 0;

    public void Await(Strand strand)
    {
        if (strand.Waiting.List is null) _waiting.AddLast(strand.Waiting);
        ServeLater();
    }

    /// <summary>There is room, or a window.</summary>
    public void ServeLater()
    {
        if (_due || _waiting.Count == 0) return;
        _due = true;
        _loop.Later(_serve);
    }

    /// <summary>Each of those that wait speaks once, as long as there is room.</summary>
    public void Serve()
    {
        for (var left = _waiting.Count; left > 0 && _waiting.First is { } first && !_outbox.IsBlocked; left--)
        {
            _waiting.Remove(first);
            // Without a window only a head can be said.
            if (first.Value.IsAtHead || _maySendData()) first.Value.TakeTurn();
            else _waiting.AddLast(first);
        }
    }
}

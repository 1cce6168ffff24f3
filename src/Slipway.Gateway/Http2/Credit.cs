namespace Slipway.Gateway.Http2;

/// <summary>What the other side may send before somebody has taken it (RFC 9113, 5.2).</summary>
struct Credit(int window)
{
    int _received, _owed;

    /// <summary>As the other side knows it.</summary>
    public readonly int Left => window - _received;

    /// <summary>False when more has come than may.</summary>
    public bool Take(int count)
    {
        _received += count;
        return _received <= window;
    }

    /// <summary>
    /// So much was taken. How much is to be granted now: that is told in larger steps, each of at least half of what
    /// is not held by somebody. Half of the whole would never come together where some hold much and take nothing.
    /// </summary>
    public int GiveBack(int count)
    {
        _owed += count;
        var held = _received - _owed;
        if (_owed < (window - held) / 2) return 0;
        var granted = _owed;
        _received -= granted;
        _owed = 0;
        return granted;
    }
}

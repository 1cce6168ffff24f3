namespace Slipway.Gateway.Http2;

/// <summary>What a client may do so many times at once, and then so many times a second.</summary>
struct Budget(int atOnce, int perSecond)
{
    long _left = atOnce * 1000L;
    long _at;

    /// <summary>False when it is used up. The time is in milliseconds.</summary>
    public bool Take(long now)
    {
        if (_at != 0) _left = Math.Min(atOnce * 1000L, _left + (now - _at) * perSecond);
        _at = now;
        if (_left < 1000) return false;
        _left -= 1000;
        return true;
    }
}

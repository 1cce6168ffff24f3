namespace Slipway.Gateway.Http2;

/// <summary>The last few streams of which something has to be remembered.</summary>
sealed class Ids
{
    const int Kept = 128;

    int[] _ids = [];
    int _next;

    public void Add(int id)
    {
        if (_ids.Length == 0) _ids = new int[Kept];
        _ids[_next++ % Kept] = id;
    }

    public bool Contains(int id) => _ids.AsSpan().Contains(id);
}

using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>
/// Draws a share of the requests: exactly one in every stretch that a single one is due in, at a place within it that
/// chance chooses. So the error over any stretch of requests stays below two requests, whatever its length, and no
/// rhythm of the clients can fall in step with it. Another share goes on from where the last one stood.
/// </summary>
struct Draw
{
    int _at;
    int _place;
    int _due;
    bool _begun;

    public bool Next(int basis, ref Chance chance)
    {
        if (!_begun)
        {
            // Each loop begins somewhere else; what lies before its beginning has been drawn or not, by chance.
            (_at, _place, _begun) = (chance.Below(Share.Whole), chance.Below(Share.Whole), true);
            if (_place < _at) _place = Share.Whole;
        }

        _at += basis;
        if (_at > _place)
        {
            _due++;
            _place = int.MaxValue;
        }

        if (_at >= Share.Whole)
        {
            _at -= Share.Whole;
            _place = chance.Below(Share.Whole);
            if (_at > _place)
            {
                _due++;
                _place = int.MaxValue;
            }
        }

        if (_due == 0) return false;
        _due--;
        return true;
    }
}

/// <summary>Random numbers of one loop: fast, and no secret.</summary>
struct Chance(ulong seed)
{
    ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

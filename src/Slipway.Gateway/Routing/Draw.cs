using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>
/// Draws a share of the requests: one out of each block of as many as the share asks for, and which one of them is
/// chance. So the error over any stretch of requests stays below two, whatever its length, and no rhythm of the clients
/// can fall in step with it. Shares above the half draw those who are left out.
/// </summary>
struct Draw
{
    int _basis;
    int _left;
    int _chosen;
    int _carry;

    public bool Next(int basis, ref Chance chance) => basis > Share.Whole / 2
        ? !Rare(Share.Whole - basis, ref chance)
        : Rare(basis, ref chance);

    bool Rare(int basis, ref Chance chance)
    {
        if (basis == 0) return false;
        if (basis != _basis)
        {
            // Another share begins somewhere in a block, so that loops do not draw at the same time.
            (_basis, _carry) = (basis, chance.Below(basis));
            Begin(ref chance);
            _left = 1 + chance.Below(_left);
        }
        else if (_left == 0)
        {
            Begin(ref chance);
        }

        return --_left == _chosen;
    }

    /// <summary>Blocks are whole requests; what is left over makes a later one longer.</summary>
    void Begin(ref Chance chance)
    {
        _left = (Share.Whole + _carry) / _basis;
        _carry = (Share.Whole + _carry) % _basis;
        _chosen = chance.Below(_left);
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

namespace Slipway.Gates;

/// <summary>
/// Where the money goes: each bet says "the candidate shows k times the allowed rate"; its share is its part of what
/// is invested. Many small bets lose to the one right bet by a logarithm only, so nobody has to guess how bad a bug
/// will be.
/// </summary>
sealed class Bets
{
    public double[] Ratios { get; }
    public double[] Shares { get; }

    Bets(double[] ratios, params double[] shares) => (Ratios, Shares) = (ratios, shares);

    static Bets Even(params double[] ratios) => new(ratios, [.. ratios.Select(_ => 1.0 / ratios.Length)]);

    /// <summary>
    /// Leaning to large ratios: what is wrecked must be found within seconds, what is a bit worse has time.
    /// </summary>
    public static readonly Bets Harm = new([1.5, 2, 3, 5, 10, 30, 100, 1000], .1, .1, .1, .1, .1, .15, .15, .2);
    public static readonly Bets Tolerance = Even(2, 5, 20, 100);
    public static readonly Bets Limit = Even(1.25, 1.5, 2, 3, 5, 10, 30, 100);

    /// <summary>Relative to the margin: half of "twice as bad" is an identical candidate.</summary>
    public static readonly Bets Safe = Even(.125, .25, .375, .5);
    public static readonly Bets SafeLimit = Even(0, .25, .5, .75);

    /// <summary>
    /// Against a margin in points an identical candidate may sit close to the border, when the base rate is high.
    /// </summary>
    public static readonly Bets SafePoints = Even(.125, .25, .5, .75, .9);
}

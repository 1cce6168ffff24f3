namespace Slipway.Health;

/// <summary>
/// Answers of the same kind in a row, and what they have led to. One odd answer changes nobody's mind.
/// </summary>
public readonly record struct Streak(bool? Well, int Good, int Bad)
{
    public Streak Next(bool good, int successes, int failures)
    {
        var (goods, bads) = good ? (Good + 1, 0) : (0, Bad + 1);
        var well = goods >= successes ? true : bads >= failures ? false : Well;
        return new(well, goods, bads);
    }
}

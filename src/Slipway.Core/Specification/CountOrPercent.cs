namespace Slipway.Specification;

/// <summary>A number of instances, given as a count or as a share of all of them.</summary>
public readonly record struct CountOrPercent(double Value, bool IsPercent)
{
    public static CountOrPercent Count(int count) => new(count, false);
    public static CountOrPercent Percent(double percent) => new(percent, true);

    public bool IsZero => Value == 0;

    /// <summary>A surge is rounded up and what may be missing is rounded down, as Kubernetes does it.</summary>
    public int RoundedUp(int of) => IsPercent ? (int)Math.Ceiling(of * Value / 100 - 1e-9) : (int)Value;
    public int RoundedDown(int of) => IsPercent ? (int)Math.Floor(of * Value / 100 + 1e-9) : (int)Value;

    public override string ToString() => IsPercent ? $"{Value:0.##}%" : $"{Value:0}";
}

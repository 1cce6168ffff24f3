using System.Globalization;

namespace Slipway.Routing;

/// <summary>A part of the traffic, in ten-thousandths: exact where percentages as floating point are not.</summary>
public readonly record struct Share : IComparable<Share>
{
    public const int Whole = 10_000;

    public int Basis { get; }

    public Share(int basis)
    {
        if (basis is < 0 or > Whole)
            throw new ArgumentOutOfRangeException(nameof(basis), basis, "A share is 0 to 10,000 ten-thousandths.");
        Basis = basis;
    }

    public static readonly Share None = new(0);
    public static readonly Share All = new(Whole);

    public static Share Percent(double percent) => new((int)Math.Round(percent * 100, MidpointRounding.AwayFromZero));
    public static Share Of(int part, int whole) => whole <= 0 ? None : new((int)((long)Whole * part / whole));
    public static Share Max(Share a, Share b) => a.Basis >= b.Basis ? a : b;
    public static Share Min(Share a, Share b) => a.Basis <= b.Basis ? a : b;

    public Share Rest => new(Whole - Basis);
    public double Fraction => Basis / (double)Whole;

    /// <summary>
    /// How many of <paramref name="instances"/> carry this share, rounded up, and at least one when there is any.
    /// </summary>
    public int InstancesOf(int instances) =>
        Basis == 0 ? 0 : Math.Max(1, (int)Math.Ceiling(instances * Fraction - 1e-9));

    public int CompareTo(Share other) => Basis.CompareTo(other.Basis);
    public static bool operator <(Share a, Share b) => a.Basis < b.Basis;
    public static bool operator >(Share a, Share b) => a.Basis > b.Basis;
    public static bool operator <=(Share a, Share b) => a.Basis <= b.Basis;
    public static bool operator >=(Share a, Share b) => a.Basis >= b.Basis;

    public override string ToString() => (Basis / 100.0).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}

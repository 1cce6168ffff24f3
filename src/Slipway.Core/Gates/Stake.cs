namespace Slipway.Gates;

/// <summary>What one tick showed: bad and all of the candidate and of stable.</summary>
readonly record struct Counts(double CandidateBad, double StableBad, double Candidate, double Stable)
{
    public static Counts operator +(Counts a, Counts b) =>
        new(a.CandidateBad + b.CandidateBad, a.StableBad + b.StableBad, a.Candidate + b.Candidate, a.Stable + b.Stable);
}

/// <summary>
/// One formula carries every gate. For any stake m that depends on the past only, with −1 ≤ m ≤ ns/(r0·nc),
///   (1+m)^xc · (1 − r0·m·nc/ns)^xs · exp(−m·nc·δ)
/// has expectation ≤ 1 whenever rate_c ≤ r0·rate_s + δ (m > 0) or rate_c ≥ r0·rate_s + δ (m &lt; 0). So a product of
/// such factors is money that cannot grow while that holds: by Ville's inequality it ever reaches 1/α with chance ≤
/// α.
/// </summary>
static class Stake
{
    /// <summary>
    /// The stake that grows fastest when rate_c = k·(r0·rate + δ): the projection of that point on the border of what
    /// is allowed. <paramref name="rate"/> is an estimate from the past; a wrong one costs power, never validity.
    /// </summary>
    public static double Of(double k, double rate, double ratio, double points, double candidate, double stable)
    {
        if (ratio == 0) return k - 1;
        if (candidate <= 0 || stable <= 0) return 0;
        if (points == 0) return (k - 1) * stable / (k * ratio * candidate + stable);

        var border = ratio * rate + points;
        var target = k > 1 ? Math.Min(k * border, .95) : k * border;
        if (k > 1 && target <= border) return 0;
        var c0 = candidate * stable * (target - border);
        var c1 = ratio * (candidate * target + stable * rate) + points * (stable - ratio * candidate);
        return 2 * c0 / (c1 + Math.Sqrt(Math.Max(c1 * c1 - 4 * points * ratio * c0, 0))) / candidate;
    }

    /// <summary>The logarithm of the factor above.</summary>
    public static double LogFactor(double m, in Counts x, double ratio, double points)
    {
        if (m == 0) return 0;
        if (m <= -1 && x.CandidateBad > 0) return double.NegativeInfinity;
        var log = (x.CandidateBad > 0 ? x.CandidateBad * Log1p(m) : 0) - m * x.Candidate * points;
        return ratio > 0 && x.StableBad > 0
            ? log + x.StableBad * Log1p(-ratio * m * x.Candidate / x.Stable)
            : log;
    }

    /// <summary>ln(1+x) without the cancellation of small x: the rounding of 1+x is divided out again.</summary>
    public static double Log1p(double x)
    {
        var u = 1 + x;
        if (u == 1) return x;
        return double.IsInfinity(u) ? u : Math.Log(u) * x / (u - 1);
    }
}

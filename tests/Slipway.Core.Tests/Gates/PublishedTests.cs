using Shouldly;
using Xunit;

namespace Slipway.Gates;

/// <summary>Values that others have published for the formulas that are used here, each with its source.</summary>
public sealed class PublishedTests
{
    /// <summary>
    /// The Beta form of Lindon and Malek, "Anytime-valid inference for multinomial count data" (NeurIPS 2022), with k
    /// = 100, on the counts of the rate-ratio mixture's values: the formula of the split check.
    /// </summary>
    [Theory]
    [InlineData(2, 100, 0, 1900, .172371)]
    [InlineData(3, 500, 0, 9500, .489041)]
    [InlineData(10, 1000, 19, 19000, 3.890801)]
    [InlineData(5, 1000, 95, 19000, -.354910)]
    [InlineData(1, 50, 0, 950, 0)]
    public void The_split_check_is_the_Beta_form(int xc, int nc, int xs, int ns, double log)
    {
        var weight = nc / (double)(nc + ns);
        Chance.LogSplit([xc, xs], [weight, 1 - weight], 100).ShouldBe(log, 1e-6);
    }

    /// <summary>The example of the package savvi, by the same authors: three kinds of events.</summary>
    [Fact]
    public void The_split_check_has_savvis_p_value() =>
        Math.Exp(-Chance.LogSplit([40, 129, 233], [.1, .4, .5], 100)).ShouldBe(.04845591105969517, 1e-12);

    /// <summary>Unit tests of the package confseq (uniform_boundaries_unittest.cpp).</summary>
    [Theory]
    [InlineData(700, 1000, 100, .651629, .745949)]
    [InlineData(5, 50, 50, .013021, .269264)]
    [InlineData(1, 50, 50, 0, .13489)]
    public void The_interval_of_a_rate_is_confseqs(int bad, int all, int sharpest, double low, double high)
    {
        var interval = RateInterval.Of(bad, all, .05, sharpest);
        interval.Low.ShouldBe(low, 2e-6);
        interval.High.ShouldBe(high, 2e-6);
    }

    /// <summary>
    /// From the same tests: the numbers 1 to 1000 against themselves moved up, and whether their medians differ.
    /// </summary>
    [Theory]
    [InlineData(70, .814704)]
    [InlineData(100, .0054947)]
    public void The_test_of_two_quantiles_is_confseqs(int moved, double p)
    {
        var (lower, upper) = (new double[1200], new double[1200]);
        for (var i = 0; i < 1000; i++) (lower[i], upper[i + moved]) = (1, 1);
        Math.Exp(-QuantileTest.LogEvidence(lower, upper, .5, 100)).ShouldBe(p, 1e-6);
    }

    /// <summary>The values that our survey computed from the formula for σ = 1, α = 5 %, tightest at 1,000.</summary>
    [Theory]
    [InlineData(10, 2.743357)]
    [InlineData(100, .376326)]
    [InlineData(1000, .095989)]
    [InlineData(10_000, .032554)]
    public void The_interval_of_a_mean_is_the_published_one(int count, double radius) =>
        MeanInterval.Radius(count, 1, .05, 1000).ShouldBe(radius, 1e-6);
}

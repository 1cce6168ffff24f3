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
}

using Shouldly;
using Xunit;

namespace Slipway.Gates;

public sealed class WordsTests
{
    [Theory]
    [InlineData(.0477, "4.8 %")]
    [InlineData(.000943, "0.094 %")]
    [InlineData(.5, "50 %")]
    [InlineData(1, "100 %")]
    [InlineData(0, "0 %")]
    public void Percentages_have_two_digits_that_matter(double value, string text) =>
        Words.Percent(value).ShouldBe(text);

    [Theory]
    [InlineData(.9992, "99.92 %")]
    [InlineData(.952, "95.2 %")]
    public void What_should_be_whole_shows_its_distance(double value, string text) =>
        Words.PercentGood(value).ShouldBe(text);

    [Theory]
    [InlineData(1.19, "1.1")]
    [InlineData(6.9, "6")]
    [InlineData(47.9, "47")]
    [InlineData(1234, "1,230")]
    public void A_bound_is_rounded_down(double value, string text) => Words.AtLeast(value).ShouldBe(text);

    [Theory]
    [InlineData(.2, "1 s")]
    [InlineData(9, "9 s")]
    [InlineData(130, "2 min")]
    [InlineData(9000, "2.5 h")]
    public void Durations_are_as_long_as_they_matter(double seconds, string text) =>
        Words.Duration(seconds).ShouldBe(text);

    [Fact]
    public void Thousands_have_a_comma() => Words.Count(9540).ShouldBe("9,540");
}

using Shouldly;
using Slipway.Specification;
using Slipway.Support.Traffic;
using Xunit;
using Xunit.Abstractions;

namespace Slipway.Gates;

/// <summary>
/// The short form of `bench judgement`: how soon harm is found and how seldom a good version is turned back, on the
/// same seeds each time.
/// </summary>
public sealed class OperatingTests(ITestOutputHelper output)
{
    const int Releases = 60, Detections = 200;

    static readonly Seq<GateSpec> Errors = [new(new GateRule.Compare(Metric.ErrorRate))];

    [Fact]
    public void Identical_versions_pass_all_gates_through_rough_weather_where_others_turn_them_back()
    {
        var turned = new int[3];
        for (var seed = 0; seed < Releases; seed++)
        {
            var (judge, gaveUp, _, _, _) =
                Trial.Identical(new SimulatedTraffic(seed, Weather.Any(seed)), Rival.Flagger(), new Rival.RepeatedZ());
            for (var i = 0; i < turned.Length; i++) turned[i] += gaveUp[i] ? 1 : 0;
            if (gaveUp[0]) output.WriteLine($"{seed}: {string.Join("; ", judge.Readings.Select(x => x.Evidence))}");
        }
        turned[0].ShouldBe(0);
        turned[1].ShouldBeGreaterThan(Releases / 4);
        turned[2].ShouldBeGreaterThan(Releases / 4);
    }

    [Fact]
    public void Identical_versions_pass_all_gates_on_a_recorded_day_of_stalls_and_crashes()
    {
        for (var seed = 0; seed < Releases; seed++)
        {
            var traffic = new RecordedTraffic(Recording.OfABadDay, seed, sticky: seed % 4 < 2);
            Trial.Identical(traffic).GaveUp[0].ShouldBeFalse($"{seed}");
        }
    }

    /// <summary>Medians of the reference, in seconds from the onset; a look lasts a second.</summary>
    [Theory]
    [InlineData(20, .001, .05, 47)]
    [InlineData(20, .001, 1, 2)]
    [InlineData(100, .001, .05, 10)]
    [InlineData(100, .005, .1, 7)]
    [InlineData(5, .001, 1, 8)]
    [InlineData(1, .001, 1, 34)]
    public void Harm_is_found_as_soon_as_by_the_reference(double rps, double from, double to, int median)
    {
        var weather = new Weather { RequestsPerSecond = rps, Base = from, Bad = to };
        var times = Enumerable.Range(1, Detections)
            .Select(seed => Trial.Detect(seed, weather, .05, Errors)[0] ?? Trial.Length).Order().ToList();
        output.WriteLine($"{times[Detections / 2]} s, the reference {median} s");
        ((double)times[Detections / 2]).ShouldBeLessThanOrEqualTo(1.2 * median + 1);
    }
}

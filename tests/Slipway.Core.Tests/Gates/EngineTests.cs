using Shouldly;
using Xunit;

namespace Slipway.Gates;

public sealed class EngineTests
{
    [Fact]
    public void Stakes_and_factors_equal_the_reference()
    {
        foreach (var row in Vector.Of("stakes"))
        {
            var x = row.Numbers("in");
            var stake = Stake.Of(x[0], x[1], x[2], x[3], x[4], x[5]);
            var expected = row.GetProperty("out")[0].GetDouble();
            stake.ShouldMatch(expected, 1e-8);

            var factor = Stake.LogFactor(expected, new(x[6], x[7], x[4], x[5]), x[2], x[3]);
            if (row.GetProperty("out")[1].ValueKind == System.Text.Json.JsonValueKind.Null)
                factor.ShouldBe(double.NegativeInfinity);
            else
                factor.ShouldMatch(row.GetProperty("out")[1].GetDouble());
        }
    }

    [Fact]
    public void Streams_equal_the_reference_tick_by_tick()
    {
        foreach (var row in Vector.Of("streams"))
        {
            var shape = row.GetProperty("shape");
            var exact = !shape.TryGetProperty("exact", out var e) || e.GetBoolean();
            var limit = shape.Number("limit");
            var stream = new CountStream(new()
            {
                Exact = exact,
                FalseAlarm = .01,
                ToleranceAlarm = .10,
                LimitAlone = limit ?? Levels.LimitAlone,
            });
            var ratio = row.GetProperty("noSecondTest").GetBoolean() ? 0 : shape.Number("ratio") ?? 1.2;
            var compared = stream.Compare(new(ratio, shape.Number("points") ?? 0)
            {
                SafeBets = Bets.Safe,
                SafeRatio = 2,
                SafePoints = .001,
            });
            var limited = limit is { } most ? stream.Limit(most) : null;
            if (shape.TryGetProperty("history", out var history))
                stream.Learn(history[0].GetDouble(), history[1].GetDouble());

            var (t, at) = (0, 0);
            foreach (var tick in row.GetProperty("ticks").EnumerateArray())
            {
                if (t == 40) stream.Raise();
                var n = tick.EnumerateArray().Select(x => x.GetDouble()).ToArray();
                stream.Tick(n[0], new(n[1], n[2], n[3], n[4]), n[5]);
                if (t++ % 6 != 5) continue;

                var expected = row.GetProperty("es")[at++].EnumerateArray().Select(x => x.GetDouble()).ToArray();
                var evidence = stream.E(compared);
                if (limited is not null) evidence = Math.Max(evidence, stream.E(limited));
                evidence.ShouldMatch(expected[0]);
                compared.SafeE.ShouldMatch(expected[2]);
                if (limited is not null) limited.SafeE.ShouldMatch(expected[3]);
                var harmless = compared.Harmless && (limited?.Harmless ?? true);
                harmless.ShouldBe(expected[4] > 0);
            }
        }
    }

    [Fact]
    public void Means_equal_the_reference()
    {
        foreach (var row in Vector.Of("means"))
        {
            var mean = new Mean(new() { Limit = row.Number("limit") });
            var (es, t) = (row.Numbers("es"), 0);
            foreach (var pair in row.GetProperty("pairs").EnumerateArray())
            {
                mean.Tick(1, pair[0].GetDouble(), pair[1].GetDouble());
                if (t++ % 20 == 19) mean.E.ShouldMatch(es[t / 20 - 1], 1e-7);
            }
        }
        foreach (var row in Vector.Of("t"))
            Mean.TFactor((int)row.Numbers("in")[0], row.Numbers("in")[1]).ShouldMatch(row.Out());
    }

    [Fact]
    public void Bounds_names_crashes_splits_and_bins_equal_the_reference()
    {
        foreach (var row in Vector.Of("atLeast"))
        {
            Counts[] steps = [.. row.GetProperty("steps").EnumerateArray()
                .Select(x => new Counts(x[0].GetDouble(), x[2].GetDouble(), x[1].GetDouble(), x[3].GetDouble()))];
            (Effect.AtLeast(steps, .01) ?? double.NaN).ShouldMatch(row.Out());
            Effect.AtLeast(steps, .01).HasValue.ShouldBe(!double.IsNaN(row.Out()));
        }
        foreach (var row in Vector.Of("eBh"))
            Evidence.Named(row.Numbers("es"), .05).ShouldBe(row.Numbers("out").Select(i => (int)i));
        foreach (var row in Vector.Of("crashes"))
        {
            var x = row.Numbers("in");
            Chance.CrashesNeeded(x[0], x[1], x[2] * x[3]).ShouldBe((int)row.Out());
        }
        foreach (var row in Vector.Of("split"))
        {
            var x = row.Numbers("in");
            Chance.LogSplit(x[0], x[1], x[2]).ShouldMatch(row.Out(), 1e-7);
        }
        foreach (var row in Vector.Of("bins"))
            Histogram.BinOf(row.Number("ms")!.Value).ShouldBe((int)row.Out());
    }

    /// <summary>
    /// "Own engine 1" of our survey: equal money on the eight ratios, all of it at work from the first tick.
    /// </summary>
    [Theory]
    [InlineData(2, 100, 0, 1900, 4.718228)]
    [InlineData(3, 500, 0, 9500, 7.507606)]
    [InlineData(10, 1000, 19, 19000, 10.409975)]
    [InlineData(5, 1000, 95, 19000, -2.180582)]
    [InlineData(1, 50, 0, 950, 2.107746)]
    public void The_rate_ratio_mixture_has_its_published_values(int xc, int nc, int xs, int ns, double log)
    {
        var x = new Counts(xc, xs, nc, ns);
        var sum = Bets.Harm.Ratios.Sum(k => Math.Exp(Stake.LogFactor(Stake.Of(k, 0, 1, 0, nc, ns), x, 1, 0)) / 8);
        Math.Log(sum).ShouldBe(log, 1e-6);
    }

    /// <summary>
    /// The Beta form of Lindon and Malek, "Anytime-valid inference for multinomial count data" (NeurIPS 2022), with k
    /// = 100, on the same counts: the formula of the split check.
    /// </summary>
    [Theory]
    [InlineData(2, 100, 0, 1900, .172371)]
    [InlineData(3, 500, 0, 9500, .489041)]
    [InlineData(10, 1000, 19, 19000, 3.890801)]
    [InlineData(5, 1000, 95, 19000, -.354910)]
    [InlineData(1, 50, 0, 950, 0)]
    public void The_split_check_has_the_published_values_of_its_Beta_form(int xc, int nc, int xs, int ns, double log) =>
        Chance.LogSplit(xc, xs, nc / (double)(nc + ns), 100).ShouldBe(log, 1e-6);
}

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
            stake.ShouldMatch(expected);

            var factor = Stake.LogFactor(expected, new(x[6], x[7], x[4], x[5]), x[2], x[3]);
            if (row.GetProperty("out")[1].ValueKind == System.Text.Json.JsonValueKind.Null)
                factor.ShouldBe(double.NegativeInfinity);
            else
                factor.ShouldMatch(row.GetProperty("out")[1].GetDouble());
        }
    }

    [Fact]
    public void Accounts_equal_the_reference_tick_by_tick()
    {
        foreach (var row in Vector.Of("accounts"))
        {
            var x = row.Numbers("in");
            var account = new Account(new(BetsOf(row.GetProperty("bets").GetString()!), x[0], x[1])
            {
                Start = x[2],
                Drip = x[3],
                Cap = x[4] > 0 ? x[4] : double.PositiveInfinity,
            }, x[5]);
            var (es, t) = (row.Numbers("es"), 0);
            foreach (var tick in row.GetProperty("ticks").EnumerateArray())
            {
                var n = tick.EnumerateArray().Select(number => number.GetDouble()).ToArray();
                account.Tick(n[0], new(n[1], n[2], n[3], n[4]), .004).ShouldMatch(es[t]);
                if (t++ == 2) account.Raise();
            }
        }
        foreach (var row in Vector.Of("caps"))
        {
            var x = row.Numbers("in");
            Account.CapOf(x[0], new(0, 0, x[1], x[2])).ShouldMatch(row.Out());
        }
    }

    static Bets BetsOf(string name) => name switch
    {
        "harm" => Bets.Harm,
        "tolerance" => Bets.Tolerance,
        "limit" => Bets.Limit,
        "safe" => Bets.Safe,
        _ => Bets.SafeLimit,
    };

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
                if (t == 20) stream.Raise();
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
                mean.Tick(Levels.MeanBlock, pair[0].GetDouble(), pair[1].GetDouble());
                mean.E.ShouldMatch(es[t++]);
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
        foreach (var row in Vector.Of("evidence"))
        {
            var es = row.Numbers("es");
            Evidence.Combine(es, row.Numbers("weights")).ShouldMatch(row.Number("sum")!.Value);
            Evidence.Named(es, row.Number("alpha")!.Value).ShouldBe(row.Numbers("out").Select(i => (int)i));
        }
        foreach (var row in Vector.Of("crashes"))
        {
            var x = row.Numbers("in");
            Chance.CrashesNeeded(x[0], x[1], x[2] * x[3]).ShouldBe((int)row.Out());
        }
        foreach (var row in Vector.Of("split"))
        {
            var x = row.Numbers("in");
            // The logarithms that are subtracted are as large as the counts, and so is their rounding.
            Chance.LogSplit([x[0], x[1]], [x[2], 1 - x[2]]).ShouldBe(row.Out(), 1e-9 * Math.Max(1, x[0] + x[1]));
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
    /// Ten minutes of both, the first of them with 4 % slow answers and the others with 0.5 %; then 3 % of the
    /// candidate alone.
    /// </summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void What_comes_in_waves_may_do_without_a_control_what_stable_has_done(bool wavy, bool harm)
    {
        var stream = new CountStream(new() { Exact = false, Wavy = wavy });
        for (var t = 0; t < 600; t++) stream.Tick(1, new(t < 60 ? 4 : t % 2, t < 60 ? 4 : t % 2, 100, 100));
        for (var t = 0; t < 600; t++) stream.Tick(1, new(3, 0, 100, 0));
        (stream.Equal > 100).ShouldBe(harm);
    }

    [Fact]
    public void Crashes_of_a_large_crash_loop_are_counted_too() =>
        Chance.CrashesNeeded(40, 0, 960).ShouldBeInRange(1740, 1760);
}

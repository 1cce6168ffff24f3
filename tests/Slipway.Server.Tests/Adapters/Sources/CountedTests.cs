using Slipway.Adapters.Sources;
using Slipway.Gates;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Sources;

/// <summary>Shares of events that another system counts.</summary>
public sealed class CountedTests : IAsyncLifetime
{
    Peer peer = null!;
    int asked;

    public async Task InitializeAsync() => peer = await Peer.Start();

    public async Task DisposeAsync() => await peer.DisposeAsync();

    Asker Asking() => new(
        new()
        {
            Every = TimeSpan.FromMilliseconds(20),
            Prometheus = new() { Url = peer.Url },
        },
        new("payments", "prometheus", "bad{v=\"{version}\"}") { Of = "all{v=\"{version}\"}" });

    static string Scalar(int value) => $$$"""{"data":{"resultType":"scalar","result":[1700000000,"{{{value}}}"]}}""";

    [Fact]
    public async Task Totals_grow_from_the_first_answer_on()
    {
        peer.Answer = heard =>
        {
            var (round, query) = (Interlocked.Increment(ref asked) <= 4 ? 0 : 1, heard.Field("query")!);
            var scale = query.Contains("1.1", StringComparison.Ordinal) ? 1 : 10;
            return (200, Scalar(query.StartsWith("bad", StringComparison.Ordinal)
                ? scale * (3 + 2 * round)
                : scale * (100 + 50 * round)));
        };
        using var asker = Asking();
        (await asker.Until(totals => totals.Counted.Count > 0)).Counted
            .ShouldBe([new CustomCount("payments", new(0, 0), new EventCount(0, 0))]);
        var grown = await asker.Until(totals => totals.Counted[0].Candidate.All > 0);
        grown.Counted.ShouldBe([new CustomCount("payments", new(2, 50), new EventCount(20, 500))]);
        (await asker.Look()).Counted.ShouldBe(grown.Counted, "totals stay until something comes");
        grown.Custom.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_fails_hands_out_no_totals_and_says_why()
    {
        peer.Answer = _ => (200, Scalar(5));
        using var asker = Asking();
        await asker.Until(totals => totals.Counted.Count > 0);
        peer.Answer = _ => (500, "");
        var failed = await asker.Until(totals => totals.Custom.Count > 0);
        failed.Custom[0].Why.ShouldBe("candidate: it answered 500");
        failed.Counted.ShouldBeEmpty();
    }

    [Fact]
    public void A_counter_that_was_set_back_counts_nothing_until_it_grows()
    {
        var tally = new Tally();
        tally.Add(new(10, 1_000));
        tally.Add(new(12, 1_100));
        tally.Total.ShouldBe(new(2, 100));
        tally.Add(new(1, 400)); // one of several instances began anew
        tally.Total.ShouldBe(new(2, 100));
        tally.Add(new(2, 420));
        tally.Total.ShouldBe(new(3, 120));
    }

    [Fact]
    public void More_bad_events_than_there_are_wait_for_the_others()
    {
        var tally = new Tally();
        tally.Add(new(0, 0));
        tally.Add(new(5, 3));
        tally.Total.ShouldBe(new(3, 3));
        tally.Add(new(5, 10));
        tally.Total.ShouldBe(new(5, 10));
    }
}

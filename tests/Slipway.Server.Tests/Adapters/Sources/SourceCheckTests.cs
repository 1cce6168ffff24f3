using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Sources;

/// <summary>What a source must answer before a release may begin.</summary>
public sealed class SourceCheckTests : IAsyncLifetime
{
    Peer peer = null!;

    public async Task InitializeAsync() => peer = await Peer.Start();

    public async Task DisposeAsync() => await peer.DisposeAsync();

    Asker Asking(string query = "failed{version=\"{version}\"}", string? of = null) => new(
        new()
        {
            Timeout = TimeSpan.FromSeconds(1),
            Prometheus = new() { Url = peer.Url },
        },
        new("failed", "prometheus", query) { Of = of });

    static string Vector(params string[] values) =>
        $$$"""{"data":{"resultType":"vector","result":[{{{string.Join(',',
            values.Select(value => $$"""{"metric":{},"value":[1700000000,"{{value}}"]}"""))}}}]}}""";

    [Fact]
    public async Task The_version_that_serves_must_have_data()
    {
        peer.Answer = _ => (200, Vector());
        using var asker = Asking();
        var problem = (await asker.Problem())!;
        problem.Metric.ShouldBe("failed");
        problem.What.ShouldStartWith("prometheus has no failed for 1.0: nothing was found");
        problem.Hint.ShouldContain("or vector(0)");
        peer.Heard.ShouldHaveSingleItem().Field("query").ShouldBe("failed{version=\"1.0\"}");
    }

    [Theory]
    [InlineData("3")]
    [InlineData("NaN")]
    [InlineData("+Inf")]
    public async Task What_may_be_a_number_another_time_is_enough(string value)
    {
        peer.Answer = _ => (200, Vector(value));
        using var asker = Asking();
        (await asker.Problem()).ShouldBeNull();
    }

    [Fact]
    public async Task A_share_needs_both_its_counts()
    {
        peer.Answer = heard => (200, heard.Body.Contains("all", StringComparison.Ordinal) ? Vector() : Vector("1"));
        using var asker = Asking(of: "all{version=\"{version}\"}");
        (await asker.Problem())!.What.ShouldContain("nothing was found");
    }

    [Fact]
    public async Task One_that_is_down_is_told_and_may_be_passed_over()
    {
        using var asker = Asking("sum(failed)");
        await peer.DisposeAsync();
        var problem = (await asker.Problem())!;
        problem.What.ShouldBe("prometheus has no failed: it cannot be reached");
        problem.Hint.ShouldContain("slipway deploy --blind");
        (await asker.Problem(isFirst: true)).ShouldBeNull();
    }

    [Fact]
    public async Task One_that_keeps_silent_delays_the_answer_by_its_timeout()
    {
        peer.Answer = _ => null;
        using var asker = Asking();
        (await asker.Problem())!.What.ShouldEndWith("no answer within 1 s");
    }

    [Fact]
    public async Task A_query_that_nobody_understands_is_refused_for_a_first_deploy_too()
    {
        peer.Answer = _ => (400, """{"error":"unknown function with name \"rat\""}""");
        using var asker = Asking("rat(failed[1m])");
        foreach (var isFirst in (bool[])[true, false])
        {
            var problem = (await asker.Problem(isFirst))!;
            problem.What.ShouldEndWith("it answered 400: unknown function with name \"rat\"");
            problem.Hint.ShouldBe("Mend what it is asked: rat(failed[1m])");
        }
    }

    [Fact]
    public async Task Several_series_are_refused()
    {
        peer.Answer = _ => (200, Vector("1", "2"));
        using var asker = Asking();
        (await asker.Problem())!.What.ShouldContain("2 series were found");
    }
}

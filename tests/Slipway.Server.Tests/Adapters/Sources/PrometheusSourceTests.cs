using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Sources;

/// <summary>Whatever Prometheus may answer: a number for each side, or none and why.</summary>
public sealed class PrometheusSourceTests : IAsyncLifetime
{
    const string Query = "rate(failed{version=\"{version}\"}[{window}])";

    OtherSystem peer = null!;

    public async Task InitializeAsync() => peer = await OtherSystem.Start();

    public async Task DisposeAsync() => await peer.DisposeAsync();

    Asker Asking(string query = Query, Take take = Take.Last) => new(Settings(), new("failed", "prometheus", query)
    {
        Take = take,
    });

    SourcesSpec Settings(double timeout = 20) => new()
    {
        Every = TimeSpan.FromMilliseconds(20),
        Timeout = TimeSpan.FromSeconds(timeout),
        Prometheus = new() { Url = peer.Url + "/", Token = "${TOKEN}" },
    };

    static string Vector(params string[] values) =>
        $$$"""{"status":"success","data":{"resultType":"vector","result":[{{{string.Join(',',
            values.Select(value => $$"""{"metric":{},"value":[1700000000,"{{value}}"]}"""))}}}]}}""";

    async Task<string> WhyOf(int status, string body)
    {
        peer.Answer = _ => (status, body);
        return await Why();
    }

    async Task<string> Why(Take take = Take.Last)
    {
        using var asker = Asking(take: take);
        asker.Variables["TOKEN"] = "secret";
        var value = await asker.Next();
        double.IsFinite(value.Candidate).ShouldBeFalse();
        asker.Told.ShouldHaveSingleItem().ShouldContain(value.Why!);
        return value.Why!;
    }

    [Fact]
    public async Task Asks_for_both_sides_with_everything_filled_in()
    {
        peer.Answer = heard => (200, Vector(heard.Field("query")!.Contains("1.1", StringComparison.Ordinal)
            ? "0.25"
            : "0.125"));
        using var asker = Asking("x{v=\"{version}\",f=\"{fleet}\",r=\"{role}\",s=\"{service}\"}[{window}:{step}]");
        asker.Variables["TOKEN"] = "secret";
        var value = await asker.Next();

        value.ShouldBe(new("failed", 0.25, 0.125));
        peer.Heard.Select(heard => heard.Field("query")).Take(2).Order().ShouldBe([
            "x{v=\"1.0\",f=\"r1\",r=\"stable\",s=\"shop\"}[60s:20ms]",
            "x{v=\"1.1\",f=\"r2\",r=\"candidate\",s=\"shop\"}[60s:20ms]"]);
        peer.Heard[0].Path.ShouldBe("/api/v1/query");
        peer.Heard[0].Field("lookback_delta").ShouldBe("60s");
        peer.Heard[0].Authorization.ShouldBe("Bearer secret");
        asker.Told.ShouldBeEmpty();
    }

    [Fact]
    public async Task Hands_out_each_answer_once()
    {
        peer.Answer = _ => (200, Vector("3"));
        using var asker = new Asker(Settings() with { Every = TimeSpan.FromHours(1) },
            new("failed", "prometheus", "sum(failed)"));
        asker.Variables["TOKEN"] = "secret";
        (await asker.Next()).ShouldBe(new("failed", 3));
        (await asker.Look()).Custom.ShouldBeEmpty();
        peer.Heard.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Takes_the_mean_of_a_window()
    {
        peer.Answer = heard => (200, $$$"""
            {"data":{"resultType":"matrix","result":[{"metric":{},"values":[[{{{heard.Field("start")}}},"1"],
             [{{{heard.Field("start")}}},"NaN"],[{{{heard.Field("end")}}},"3"]]}]}}
            """);
        using var asker = Asking(take: Take.Mean);
        asker.Variables["TOKEN"] = "secret";
        (await asker.Next()).ShouldBe(new("failed", 2, 2));
        peer.Heard[0].Path.ShouldBe("/api/v1/query_range");
        peer.Heard[0].Field("step").ShouldBe("60ms");
    }

    [Fact]
    public async Task A_window_that_has_gone_stale_is_no_answer()
    {
        peer.Answer = heard => (200, $$$"""
            {"data":{"resultType":"matrix","result":[{"metric":{},"values":[[{{{heard.Field("start")}}},"1"]]}]}}
            """);
        (await Why(Take.Max)).ShouldContain("the newest value is 60 s old");
    }

    [Theory]
    [InlineData("NaN", "NaN is no value")]
    [InlineData("+Inf", "infinite")]
    [InlineData("-Inf", "infinite")]
    [InlineData("often", "not a number")]
    public async Task What_is_no_number_is_no_answer(string value, string why) =>
        (await WhyOf(200, Vector(value))).ShouldContain(why);

    [Fact]
    public async Task An_empty_vector_is_no_answer() =>
        (await WhyOf(200, Vector())).ShouldContain("nothing was found");

    [Fact]
    public async Task Several_series_are_no_answer() =>
        (await WhyOf(200, Vector("1", "2"))).ShouldContain("2 series were found");

    [Theory]
    [InlineData(500, "", "it answered 500")]
    [InlineData(302, "", "it answered 302")]
    [InlineData(400, """{"error":"parse error at char 3"}""", "it answered 400: parse error at char 3")]
    [InlineData(200, "<html>", "not JSON")]
    [InlineData(200, "{}", "not what Prometheus answers")]
    [InlineData(200, """{"status":"success","data":null}""", "not what Prometheus answers")]
    [InlineData(200, """{"data":{"resultType":"scalar","result":5}}""", "not what Prometheus answers")]
    [InlineData(200, """{"data":{"resultType":"scalar","result":[1]}}""", "not what Prometheus answers")]
    [InlineData(200, """{"data":{"resultType":"vector","result":[{"value":"x"}]}}""", "not what Prometheus answers")]
    [InlineData(200, """{"data":{"resultType":"vector","result":[{"value":[1,5]}]}}""", "not what Prometheus answers")]
    [InlineData(200, """{"data":{"resultType":"vector","result":[{"value":[1,null]}]}}""", "nothing was answered")]
    [InlineData(200, """{"data":{"resultType":"vector","result":["x"]}}""", "not what Prometheus answers")]
    [InlineData(200,
        """{"status":"error","error":"timed out","data":{"resultType":"vector","result":[{"value":[1,"5"]}]}}""",
        "it answered an error: timed out")]
    [InlineData(200, """{"data":{"resultType":"matrix","result":[]}}""", "a range of values")]
    [InlineData(200, """{"data":{"resultType":"string","result":[1,"a"]}}""", "a text")]
    [InlineData(200, """{"data":{"resultType":"vector","result":[{"histogram":[]}]}}""", "a histogram")]
    [InlineData(200, """{"data":{"resultType":"vector","result":[]},"warnings":["a store is gone"]}""",
        "a store is gone")]
    public async Task Whatever_else_it_says_is_told(int status, string body, string why) =>
        (await WhyOf(status, body)).ShouldContain(why);

    [Fact]
    public async Task Too_much_is_no_answer() =>
        (await WhyOf(200, new string(' ', 2 << 20))).ShouldContain("more than 1048576 bytes");

    [Fact]
    public async Task A_side_without_data_is_named()
    {
        peer.Answer = heard => (200, heard.Body.Contains("1.1", StringComparison.Ordinal) ? Vector("1") : Vector());
        (await Why()).ShouldStartWith("stable: nothing was found");
    }

    [Fact]
    public async Task A_silent_one_delays_nothing()
    {
        peer.Answer = _ => null;
        using var asker = new Asker(Settings(timeout: 0.1), new("failed", "prometheus", "up"));
        asker.Variables["TOKEN"] = "secret";
        var look = asker.Look();
        look.IsCompletedSuccessfully.ShouldBeTrue();
        (await look).Candidate.Requests.ShouldBe(100);
        (await asker.Next()).Why!.ShouldBe("no answer within 0.1 s");
    }

    [Fact]
    public async Task A_secret_that_is_missing_is_named()
    {
        using var asker = Asking();
        (await asker.Next()).Why!.ShouldContain("TOKEN is not set where the server runs");
        peer.Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task Says_once_that_it_is_down_and_once_that_it_is_back()
    {
        peer.Answer = _ => (503, "");
        using var asker = Asking("up");
        asker.Variables["TOKEN"] = "secret";
        (await asker.Next()).Why!.ShouldBe("it answered 503");
        (await asker.Next()).Why!.ShouldBe("it answered 503");
        peer.Answer = _ => (200, Vector("1"));
        while ((await asker.Next()).Why is not null) await peer.Next();
        asker.Told.ShouldBe([
            "shop: failed from prometheus is undecided: it answered 503",
            "shop: prometheus answers again for failed"]);
    }
}

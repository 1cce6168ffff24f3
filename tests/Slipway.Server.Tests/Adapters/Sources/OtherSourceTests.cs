using Slipway.Adapters.Sources;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Sources;

public sealed class OtherSourceTests : IAsyncLifetime
{
    OtherSystem peer = null!;

    public async Task InitializeAsync() => peer = await OtherSystem.Start();

    public async Task DisposeAsync() => await peer.DisposeAsync();

    static readonly SourcesSpec Settings = new()
    {
        Every = TimeSpan.FromMilliseconds(20),
        Timeout = TimeSpan.FromSeconds(20),
    };

    Asker OfHttp(string? path) =>
        new(Settings, new("waiting", "http", $"{peer.Url}/{{version}}?key=${{KEY}}") { Path = path })
        {
            Variables = { ["KEY"] = "secret" },
        };

    static Asker OfCommand(string line) => new(Settings, new("open", "command", line));

    [Fact]
    public async Task A_number_in_json_is_found_by_its_path()
    {
        peer.Answer = heard => (200, heard.Path.StartsWith("/1.1", StringComparison.Ordinal)
            ? """{"data":{"items":[{"waiting-now":5}]}}"""
            : """{"data":{"items":[{"waiting-now":"4.5"}]}}""");
        using var asker = OfHttp("$.data.items[0].waiting-now");
        (await asker.Next()).ShouldBe(new("waiting", 5, 4.5));
        peer.Heard[0].Path.ShouldEndWith("?key=secret");
    }

    [Theory]
    [InlineData("""{"data":{}}""", "the answer has no items of data.items[0]")]
    [InlineData("""{"data":{"items":[]}}""", "the answer has no [0] of data.items[0]")]
    [InlineData("""{"data":{"items":[null]}}""", "the value is null")]
    [InlineData("""{"data":{"items":[[1,2]]}}""", "there are 2 values")]
    [InlineData("""{"data":{"items":[{}]}}""", "not a number")]
    [InlineData("no json", "not JSON")]
    public async Task A_path_that_leads_nowhere_is_told(string body, string why)
    {
        peer.Answer = _ => (200, body);
        using var asker = OfHttp("data.items[0]");
        (await asker.Next()).Why!.ShouldContain(why);
    }

    [Theory]
    [InlineData("1.7976931348623157e308", "the value is 1.8E+308: beyond ±1E+15 nothing is judged")]
    [InlineData("-2e15", "the value is -2E+15: beyond ±1E+15 nothing is judged")]
    [InlineData("1e999", "the value is infinite")]
    public async Task A_number_that_no_sum_survives_is_no_value(string number, string why)
    {
        peer.Answer = _ => (200, $$"""{"v":{{number}}}""");
        using var asker = OfHttp("v");
        (await asker.Next()).Why!.ShouldContain(why);
    }

    [Theory]
    [InlineData("rate")]
    [InlineData("$.rate")]
    public async Task A_path_of_one_name_is_told_once(string path)
    {
        peer.Answer = _ => (200, """{"ratio":5}""");
        using var asker = OfHttp(path);
        (await asker.Next()).Why!.ShouldEndWith(": the answer has no rate");
    }

    [Fact]
    public async Task Who_cannot_be_reached_is_told_without_the_address()
    {
        using var asker = OfHttp(null);
        await peer.DisposeAsync();
        (await asker.Next()).Why!.ShouldBe("candidate: it cannot be reached");
        asker.Told.ShouldAllBe(line => !line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_command_prints_is_the_number()
    {
        using var asker = OfCommand("printf '%s' 12.5");
        (await asker.Next()).ShouldBe(new("open", 12.5));
    }

    [Theory]
    [InlineData("sh -c 'exit 3'", "the command ended with exit code 3")]
    [InlineData("true", "nothing was answered")]
    [InlineData("echo much", "not a number")]
    [InlineData("./is-not-there", "the command cannot be started")]
    public async Task A_command_without_a_number_is_told(string line, string why)
    {
        using var asker = OfCommand(line);
        (await asker.Next()).Why!.ShouldContain(why);
    }

    [Theory]
    [InlineData("98,5")]
    [InlineData("1,000")]
    [InlineData("98.5 %")]
    [InlineData("0x10")]
    public async Task A_number_that_could_be_read_in_two_ways_is_none(string text)
    {
        using var asker = OfCommand($"printf '%s' '{text}'");
        (await asker.Next()).Why!.ShouldContain("not a number");
        peer.Answer = _ => (200, $$"""{"rate":"{{text}}"}""");
        using var other = OfHttp("rate");
        (await other.Next()).Why!.ShouldContain("not a number");
    }

    [Theory]
    [InlineData("98.5\n", 98.5)]
    [InlineData("-1.5e-3", -.0015)]
    [InlineData("+7", 7)]
    public void A_number_is_read_as_it_is_written(string text, double value) => Answer.Of(text).Value.ShouldBe(value);

    [Theory]
    [InlineData("sum(rate(x{v=\"{version}\"}[{window}])) # why (not", null)]
    [InlineData("x{a=~\"[)]\\\"\", b='(', c=`\\`}", null)]
    [InlineData("sum(x", "a ( is opened and never closed")]
    [InlineData("sum(x]", "a ] closes what nobody has opened")]
    [InlineData("x{a=\"}", "a \" is opened and never closed")]
    [InlineData(" ", "it is empty")]
    public void Brackets_of_a_query_must_match(string query, string? problem) =>
        Promql.Problem(query).ShouldBe(problem);
}

using System.Security.Cryptography;
using System.Text;
using Slipway.Adapters.Checks;
using Slipway.Decisions;
using Slipway.Gates;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;
using Slipway.Support;
using Question = Slipway.Plans.Question;

namespace Slipway.Tests.Adapters.Checks;

public sealed class CheckJobsTests : IDisposable, IFleets, IMetrics
{
    static readonly Fleet Stable = new(1), Candidate = new(2);

    readonly TemporaryFolder folder = new();
    readonly Answering shop = new();
    readonly CheckJobs jobs;
    readonly Queue<FleetCounts> counts = new();
    FleetCounts last;
    int reads;

    public CheckJobsTests() => jobs = new CheckJobs(
        new() { Root = folder.Path, Variable = name => name == "TOKEN" ? "hush-hush" : null }, this, this);

    public void Dispose()
    {
        jobs.Dispose();
        shop.Dispose();
        folder.Dispose();
    }

    Service Service { get; set; } = new("shop");

    /// <summary>A service with a stable and a candidate, whose traffic comes in where this test answers.</summary>
    Task<JobAnswer> Ask(Question question, string id = "shop/7")
    {
        var spec = new ServiceSpec
        {
            Service = "shop",
            Runtime = new RuntimeSpec.Process(["shop"]),
            Traffic = new() { Listen = shop.Address }
        };
        Service = Service with { Spec = spec, Stable = Stable, Revisions = [new(1, "1.0", spec), new(2, "1.1", spec)] };
        return jobs.Do(new Job(id, Service, question), CancellationToken.None);
    }

    Task<JobAnswer> Check(params ReadOnlySpan<CheckSpec> all) =>
        Ask(Smoke(all));

    static Question.Check Smoke(params ReadOnlySpan<CheckSpec> all) =>
        new("smoke", Candidate, Seq.Create(all), TimeSpan.FromMinutes(1));

    [Fact]
    public async Task A_request_is_put_to_the_candidates_preview()
    {
        (await Check(new CheckSpec.Http("/cart"))).ShouldBe(new JobAnswer(true, "GET /cart: answered 200"));
        shop.Asked.Single().ShouldBe("GET /cart candidate");
    }

    [Theory]
    [InlineData(500, "boom", "GET /: answered 500, not 200: \"boom\"")]
    [InlineData(404, "", "GET /: answered 404, not 200")]
    [InlineData(200, "sorry", "GET /: the body does not contain \"fine\": \"sorry\"")]
    public async Task A_wrong_answer_is_a_no_that_says_what_came(int status, string body, string text)
    {
        (shop.Status, shop.Body) = (status, body);
        (await Check(new CheckSpec.Http("/") { Body = "fine" })).ShouldBe(new JobAnswer(false, text));
    }

    [Theory]
    [InlineData("Cache: off\r\n", "GET /: answered 200", true)]
    [InlineData("Cache: on\r\n", "GET /: the header Cache is \"on\", not \"off\"", false)]
    [InlineData("", "GET /: there is no header Cache, which should be \"off\"", false)]
    public async Task A_header_of_the_answer_is_compared(string headers, string text, bool passed)
    {
        shop.Headers = headers;
        (await Check(new CheckSpec.Http("/") { Header = [new("Cache", "off")] })).ShouldBe(new JobAnswer(passed, text));
    }

    [Theory]
    [InlineData("""{"checks":{"db":"up"},"items":[{"n":1}]}""", "GET /: answered 200")]
    [InlineData("""{"checks":{"db":"down"}}""", "GET /: checks.db in the body is \"down\", not \"up\"")]
    [InlineData("""{"checks":{"db":"up"},"items":[]}""",
        "GET /: there is no items[0].n in the body, which should be \"1\"")]
    [InlineData("<html>", "GET /: the body is no JSON: \"<html>\"")]
    public async Task A_value_in_a_body_of_json_is_compared(string body, string text)
    {
        shop.Body = body;
        var check = new CheckSpec.Http("/") { Json = [new("checks.db", "up"), new("$.items[0].n", "1")] };
        (await Check(check)).Text.ShouldBe(text.Replace("no items", "no $.items", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_little_traffic_is_told_in_figures()
    {
        var load = new CheckSpec.Load(["/", "/cart"]) { Rate = 100, For = TimeSpan.FromMilliseconds(200) };
        var answer = await Check(load);
        answer.Passed.ShouldBeTrue();
        answer.Text.ShouldStartWith("load on /, /cart: 20 requests in 200 ms, 0 failed, 0 % (1 % allowed), p99 ");
        shop.Asked.Count(asked => asked == "GET /cart candidate").ShouldBe(10);
    }

    [Fact]
    public async Task Traffic_that_is_answered_badly_or_slowly_is_a_no()
    {
        foreach (var status in (int[])[500, 500, 200]) shop.Statuses.Enqueue(status);
        var load = new CheckSpec.Load(["/"]) { Rate = 100, For = TimeSpan.FromMilliseconds(100) };
        var failing = await Check(load);
        failing.ShouldSatisfyAllConditions(no => no.Passed.ShouldBeFalse(),
            no => no.Text.ShouldContain("10 requests in 100 ms, 2 failed, 20 % (1 % allowed)"));

        var slow = await Ask(Smoke(load with { P99 = TimeSpan.FromTicks(1) }), "shop/8");
        slow.Passed.ShouldBeFalse();
        slow.Text.ShouldContain("0 failed");
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_a_no()
    {
        shop.Silent = true;
        var answer = await Check(new CheckSpec.Http("/") { Within = TimeSpan.FromMilliseconds(100) });
        answer.ShouldBe(new JobAnswer(false, "GET /: no answer within 0.1 s"));
    }

    [Fact]
    public async Task The_first_no_ends_the_questions()
    {
        shop.Status = 404;
        (await Check(new CheckSpec.Http("/a"), new CheckSpec.Http("/b"))).Passed.ShouldBeFalse();
        shop.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_command_knows_the_version_and_the_address_and_answers_by_its_exit_code()
    {
        const string told = "echo $SLIPWAY_VERSION $SLIPWAY_FLEET $SLIPWAY_URL $SLIPWAY_ID >said";
        await Check(new CheckSpec.Run(["sh", "-c", told]));
        (await File.ReadAllTextAsync(folder.File("said"))).Trim().ShouldBe($"1.1 r2 http://{shop.Address} shop/7");

        var no = await Ask(new Question.Hook("before", ["sh", "-c", "echo the disk is full; exit 4"],
            [], TimeSpan.FromMinutes(1)), "shop/8");
        no.ShouldBe(new JobAnswer(false, "ended with exit code 4. the disk is full"));
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_ended_and_one_that_is_not_there_is_a_no()
    {
        var late = await Check(new CheckSpec.Run(["sleep", "1000"]) { Timeout = TimeSpan.FromMilliseconds(100) });
        late.ShouldBe(new JobAnswer(false, "sleep 1000: no answer within 0.1 s"));
        var missing =
            await Ask(new Question.Hook("before", ["no-such-program"], [], TimeSpan.FromMinutes(1)), "shop/8");
        missing.Text.ShouldContain("no-such-program");
    }

    [Fact]
    public async Task A_webhook_is_told_what_it_is_about()
    {
        (await Check(new CheckSpec.Webhook($"http://{shop.Address}/hook"))).Passed.ShouldBeTrue();
        shop.Asked.Single().ShouldStartWith("POST /hook");
        shop.LastBody.ShouldContain("\"id\":\"shop/7\"");
        shop.LastBody.ShouldContain("\"version\":\"1.1\"");
    }

    [Fact]
    public async Task A_confirming_webhook_is_asked_until_it_says_yes()
    {
        foreach (var status in (int[])[403, 503, 200]) shop.Statuses.Enqueue(status);
        var answer = await Ask(Confirm(TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(10)));
        answer.ShouldBe(new JobAnswer(true, "answered 200: \"fine\""));
        shop.Asked.Count.ShouldBe(3);
        shop.LastBody.ShouldContain("\"moment\":\"confirmRollout\"");
    }

    [Fact]
    public async Task A_confirming_webhook_that_says_no_to_the_end_is_told_with_its_words()
    {
        (shop.Status, shop.Body) = (403, "frozen until Monday");
        var began = TimeProvider.System.GetTimestamp();
        (await Ask(Confirm(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1.5)))).ShouldBe(new JobAnswer(
            false, $"http://{shop.Address}/ask said no yes within 2 s: answered 403: \"frozen until Monday\""));
        TimeProvider.System.GetElapsedTime(began).ShouldBeGreaterThan(
            TimeSpan.FromSeconds(1.75), "a time that is named is given");
    }

    [Fact]
    public async Task A_webhook_of_one_question_is_asked_once_and_its_no_is_a_no()
    {
        shop.Status = 500;
        var answer = await Ask(new Question.Webhook(
            new(WebhookMoment.PreRollout, $"http://{shop.Address}/ask"), Candidate));
        (answer.Passed, shop.Asked.Count).ShouldBe((false, 1));
    }

    Question.Webhook Confirm(TimeSpan timeout, TimeSpan every) => new(
        new(WebhookMoment.ConfirmRollout, $"http://{shop.Address}/ask")
        {
            Timeout = timeout,
            Every = every,
        }, Candidate);

    [Fact]
    public async Task A_question_is_signed_over_its_time_and_body()
    {
        await Check(new CheckSpec.Webhook($"http://{shop.Address}/hook") { Secret = "${TOKEN}" });
        var time = shop.LastSignature.Split(',')[0]["t=".Length..];
        var mac = HMACSHA256.HashData("hush-hush"u8, Encoding.UTF8.GetBytes($"{time}.{shop.LastBody}"));
        shop.LastSignature.ShouldBe($"t={time},v1={Convert.ToHexStringLower(mac)}");
    }

    [Fact]
    public async Task What_a_reference_stands_for_is_not_told()
    {
        var answer = await Check(new CheckSpec.Run(["sh", "-c", "echo it is ${TOKEN}; exit 1"]));
        answer.Text.ShouldEndWith("ended with exit code 1. it is ${TOKEN}");
        var missing = await Ask(Smoke(new CheckSpec.Webhook("${NO_URL}")), "shop/8");
        missing.Text.ShouldContain("NO_URL is not set where the server runs");
    }

    [Fact]
    public async Task What_a_command_said_last_is_kept() =>
        (await Check(new CheckSpec.Run(["sh", "-c", "echo one; echo 12 pages fine"]))).Text
            .ShouldEndWith("ended well: \"12 pages fine\"");

    [Fact]
    public async Task The_same_question_is_put_once()
    {
        await Check(new CheckSpec.Http("/"));
        await Check(new CheckSpec.Http("/"));
        shop.Asked.Count.ShouldBe(1);
    }

    static Question.Verify Verify => new(Stable, new()
    {
        Within = TimeSpan.FromSeconds(1),
        ErrorRateMax = 0.01,
        AvailabilityMin = 0.99,
    });

    [Fact]
    public async Task Going_back_has_helped_once_a_fresh_window_looks_well()
    {
        // 100 requests with 50 errors before, then a window that is still bad, then a good one.
        foreach (var total in new FleetCounts[] { new(100, 50), new(200, 60), new(300, 60) }) counts.Enqueue(total);
        var answer = await Ask(Verify);
        answer.ShouldBe(new JobAnswer(true, $"100 requests, {0.0:P2} errors, {1.0:P2} answered"));
        reads.ShouldBe(3);
    }

    [Fact]
    public async Task Going_back_has_not_helped_when_every_window_is_bad()
    {
        for (var i = 1; i < 100; i++) counts.Enqueue(new(100 * i, 50 * i));
        (await Ask(Verify)).Passed.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_requests_ready_instances_have_to_do()
    {
        Service = Service with { Want = Slipway.Releases.World.Empty.With(Stable, 2, 1) };
        (await Ask(Verify)).ShouldBe(new JobAnswer(true, "no requests were counted; 2 of 2 instances are ready"));
    }

    Task<Seq<SeenFleet>> IFleets.Look(string service, CancellationToken cancel) =>
        Task.FromResult<Seq<SeenFleet>>([new(Stable, 2, 1, 2, 2, 2, 0)]);

    Task IFleets.Resize(FleetOrder order, CancellationToken cancel) => throw new NotSupportedException();

    Task<Totals> IMetrics.Read(MetricsQuery query, CancellationToken cancel)
    {
        reads++;
        if (counts.TryDequeue(out var next)) last = next;
        return Task.FromResult(new Totals("test", TimeSpan.FromSeconds(reads), last));
    }
}

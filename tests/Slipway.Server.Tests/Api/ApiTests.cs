using System.Net;
using System.Net.Http.Json;
using Slipway.Adapters.Processes.Logs;
using Slipway.Client;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Api;

public sealed class ApiTests : IAsyncLifetime
{
    const string Yaml = """
        service: shop
        runtime: { process: { command: "./shop {port}" } }
        replicas: 2
        keepOld: 10m
        strategy: { canary: { steps: [10, 100], every: 1h } }
        traffic: { listen: 127.0.0.1:8080 }
        """;

    readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(2));
    readonly MemoryJournal _journal = new();
    Engine _engine = null!;
    ApiServer _server = null!;
    SlipwayClient _client = null!;

    public async Task InitializeAsync()
    {
        var world = new ObedientWorld();
        _engine = new(new(_journal, world, world, world, world) { Metrics = world }, TimeProvider.System, _stop.Token);
        await _engine.Start();
        _server = await ApiServer.Start(
            new(_engine, _journal) { Instances = _ => [] }, "127.0.0.1:0", _stop.Token);
        _client = SlipwayClient.For(new(_server.Url));
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _stop.CancelAsync();
        _engine.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_service_is_registered_deployed_and_seen()
    {
        await Live();

        var service = (await _client.Services(_stop.Token)).ShouldHaveSingleItem();
        (service.Name, service.Version, service.Attention, service.Url)
            .ShouldBe(("shop", "1.0", Attention.Fine, "http://127.0.0.1:8080"));
        service.Last!.Outcome.ShouldBe("done");
        (await _client.History("shop", _stop.Token)).ShouldHaveSingleItem().Id.ShouldBe("shop-1");
    }

    [Fact]
    public async Task The_api_describes_every_address_that_it_has()
    {
        using var http = new HttpClient { BaseAddress = new(_server.Url) };
        var text = await http.GetStringAsync("/openapi/v1.json", _stop.Token);
        using var document = System.Text.Json.JsonDocument.Parse(text);
        var said = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()
                .Select(verb => $"{verb.Name} {path.Name} {verb.Value.GetProperty("operationId")}"))
            .Order(StringComparer.Ordinal);
        Snapshot.Match(string.Join('\n', said));
        text.ShouldContain("Idempotency-Key");
        text.ShouldContain("application/problem+json");
        document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("ServiceReport")
            .GetProperty("properties").EnumerateObject().ShouldContain(property => property.Name == "undo");
    }

    [Fact]
    public async Task Prometheus_reads_services_and_releases()
    {
        await Live();
        using var http = new HttpClient { BaseAddress = new(_server.Url) };
        var answer = await http.GetAsync("/metrics", _stop.Token);
        answer.Content.Headers.ContentType!.ToString().ShouldStartWith("text/plain; version=0.0.4");
        var lines = (await answer.Content.ReadAsStringAsync(_stop.Token)).Split('\n');
        lines.ShouldContain("slipway_service_instances_ready{service=\"shop\",version=\"1.0\"} 2");
        lines.ShouldContain("slipway_releases_total{service=\"shop\"} 1");
        lines.ShouldContain("slipway_release_last{service=\"shop\",to=\"1.0\",outcome=\"done\"} 1");
    }

    [Fact]
    public async Task The_report_counts_what_was_shipped()
    {
        await Live();
        var report = await _client.Report("7d", _stop.Token);
        (report.All.Deployments, report.All.SuccessPercent, report.Services.Single().Name).ShouldBe((1, 100.0, "shop"));
        var wrong = await Should.ThrowAsync<RefusedException>(() => _client.Report("soon", _stop.Token));
        (wrong.Problem.Status, wrong.Problem.Title).ShouldBe((400, "\"soon\" is no time"));
    }

    [Fact]
    public async Task A_canary_can_be_watched_stopped_and_read_about_afterwards()
    {
        await Live();
        var reply = await _client.Deploy("shop", new("2.0") { Cause = "faster" }, "d2", _stop.Token);
        reply.Release.ShouldBe(2);
        await Until(runner => runner.Service.Run?.Step is Plans.Step.Wait);

        var running = await _client.Release("shop-2", _stop.Token);
        (running.From, running.To, running.Mode, running.SharePercent, running.Strategy)
            .ShouldBe(("1.0", "2.0", "forward", 10.0, "canary"));
        running.Steps.Where(step => step.State == "now").ShouldHaveSingleItem().Text.ShouldBe("Watch for 1 h");
        (await _client.Service("shop", _stop.Token)).State.ShouldStartWith("10 %, watching");

        await _client.Command("shop", "abort", new(), "a", _stop.Token);
        await Until(runner => runner.Service.Run is null);
        var over = await _client.Release("shop-2", _stop.Token);
        (over.Outcome, over.Reason, over.Mode).ShouldBe(("aborted", "aborted", "over"));
        var events = await _client.Events("shop-2", _stop.Token);
        events.Select(e => e.Text).ShouldBe([
            "release of 2.0", "launch 1 instance of 2.0", "route 10 % to 2.0", "watch for 1 h",
            "going back: stopped", "route 0 % to 2.0", "stop 1 of 2.0, none left", "2.0 stopped",
        ]);
    }

    [Fact]
    public async Task The_same_wish_twice_is_done_once()
    {
        await Live();
        await _client.Deploy("shop", new("2.0"), "same", _stop.Token);
        var again = await _client.Deploy("shop", new("2.0"), "same", _stop.Token);
        again.Release.ShouldBe(2);
        _engine.Find("shop")!.Service.Releases.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_refused_is_a_problem_with_advice()
    {
        (await Refused(() => _client.Deploy("shpo", new("1"), "x", _stop.Token))).Title
            .ShouldBe("there is no service \"shpo\"");
        await Live();
        (await Refused(() => _client.Deploy("shpo", new("1"), "x", _stop.Token))).Advice.ShouldBe("Did you mean shop?");
        var abort = await Refused(() => _client.Command("shop", "abort", new(), "y", _stop.Token));
        (abort.Status, abort.Title).ShouldBe((409,
            "shop has no release running. To go back to the version before: slipway undo shop"));
        (await Refused(() => _client.Command("shop", "hold", new() { At = "much" }, "z", _stop.Token))).Title
            .ShouldBe("\"much\" is no share: write it like 10%, from 0% to 100%");
        (await Refused(() => _client.Command("shop", "undo", new() { To = "9.9" }, "u", _stop.Token))).Status
            .ShouldBe(400);
        (await Refused(() => _client.Release("shop-77", _stop.Token))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_number_to_go_back_to_is_a_version_of_that_name_else_a_release_of_the_history()
    {
        foreach (var version in (string[])["1.0", "7", "1.2"]) await Live(version, "blueGreen: {}");
        (await UndoTo("1")).ShouldBe("1.0");
        (await UndoTo("shop-3")).ShouldBe("1.2");
        (await UndoTo("7")).ShouldBe("7");
        (await UndoTo("5")).ShouldBe("1.2"); // what the second undo brought
    }

    [Fact]
    public async Task A_broken_file_is_told_line_by_line()
    {
        var problem = await Refused(() => _client.Register(
            "shop", new("slipway.yaml", Yaml.Replace("replicas: 2", "replicas: two"), "/"), _stop.Token));
        problem.Status.ShouldBe(422);
        var line = problem.Problems.ShouldNotBeNull().ShouldHaveSingleItem();
        (line.Line, line.Message).ShouldBe((3, "\"two\" is not a number"));
    }

    [Fact]
    public async Task Logs_are_followed_by_offset()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("shop-r1-1.log");
        await File.WriteAllTextAsync(path, "one\ntwo\nthree\n", _stop.Token);
        await using var server = await ApiServer.Start(new(_engine, _journal)
        {
            Instances = _ => [],
            Logs = _ => [new LogFile(path, "shop-r1-1", new(1), "1.0")],
        }, "127.0.0.1:0", _stop.Token);
        using var client = SlipwayClient.For(new(server.Url));
        await Live();

        var nothing = new Dictionary<string, long>();
        var first = (await client.Logs("shop", new("1.0", 2, All: false), nothing, _stop.Token)).Single();
        (first.Instance, first.Text).ShouldBe(("shop-r1-1", "two\nthree\n"));
        await File.AppendAllTextAsync(path, "four\n", _stop.Token);
        var known = new Dictionary<string, long> { [first.Instance] = first.Next };
        (await client.Logs("shop", new(null, 2, All: false), known, _stop.Token)).Single().Text.ShouldBe("four\n");
        (await client.Logs("shop", new("9.9", 2, All: false), known, _stop.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Logs_are_of_the_instances_that_are_there_unless_all_are_asked_for()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["gone", "here"];
        foreach (var name in names) await File.WriteAllTextAsync(folder.File(name), "hello\n");
        await using var server = await ApiServer.Start(new(_engine, _journal)
        {
            Instances = _ => [new("here", "1.1", "serving", "healthy")],
            Logs = _ => [.. names.Select(name => new LogFile(folder.File(name), name, null, null))],
        }, "127.0.0.1:0", _stop.Token);
        using var client = SlipwayClient.For(new(server.Url));
        await Live();

        var nothing = new Dictionary<string, long>();
        (await client.Logs("shop", new(null, 2, All: false), nothing, _stop.Token)).Single().Instance.ShouldBe("here");
        (await client.Logs("shop", new(null, 2, All: true), nothing, _stop.Token)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_missing_build_is_refused_and_nothing_has_changed()
    {
        await using var server = await ApiServer.Start(new(_engine, _journal)
        {
            Instances = _ => [],
            Missing = (_, version) => new($"builds/{version} does not exist", "There are: 1.0"),
        }, "127.0.0.1:0", _stop.Token);
        using var client = SlipwayClient.For(new(server.Url));
        await Live();
        var problem = await Refused(() => client.Deploy("shop", new("2.0"), "d", _stop.Token));
        (problem.Title, problem.Advice).ShouldBe(("builds/2.0 does not exist", "There are: 1.0"));
        _engine.Find("shop")!.Service.Releases.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_listens_hears_what_happens()
    {
        await Live();
        using var http = new HttpClient();
        using var stream = new StreamReader(await http.GetStreamAsync($"{_server.Url}/api/v1/events", _stop.Token));
        (await stream.ReadLineAsync(_stop.Token)).ShouldBe(": what happens from now on");
        await _client.Deploy("shop", new("2.0"), "d2", _stop.Token);
        await stream.ReadLineAsync(_stop.Token);
        (await stream.ReadLineAsync(_stop.Token)).ShouldStartWith("id: shop/");
        (await stream.ReadLineAsync(_stop.Token)).ShouldBe("event: started");
        (await stream.ReadLineAsync(_stop.Token)).ShouldNotBeNull().ShouldContain("\"text\":\"release of 2.0\"");
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task Other_pages_and_other_names_are_refused(string header, string value)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_server.Url}/api/v1/services");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await http.SendAsync(request, _stop.Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var problem = await answer.Content.ReadFromJsonAsync(ContractsJson.Default.ApiProblem, _stop.Token);
        problem!.Status.ShouldBe(403);
    }

    [Fact]
    public async Task With_a_token_nobody_comes_in_without_it()
    {
        await using var guarded = await ApiServer.Start(
            new(_engine, _journal) { Instances = _ => [], Token = "s3cret" }, "127.0.0.1:0", _stop.Token);
        using var without = SlipwayClient.For(new(guarded.Url));
        using var with = SlipwayClient.For(new(guarded.Url), "s3cret");
        (await Refused(() => without.Services(_stop.Token))).Status.ShouldBe(401);
        (await with.Services(_stop.Token)).ShouldBeEmpty();
    }

    async Task Live(string version = "1.0", string strategy = "canary: { steps: [10, 100], every: 1h }")
    {
        var yaml = Yaml.Replace("canary: { steps: [10, 100], every: 1h }", strategy);
        await _client.Register("shop", new("slipway.yaml", yaml, "/"), _stop.Token);
        await _client.Deploy("shop", new(version), $"deploy {version}", _stop.Token);
        await Until(runner => Serves(runner) == version);
    }

    async Task<string> UndoTo(string to)
    {
        var releases = _engine.Find("shop")!.Service.History.Count;
        await _client.Command("shop", "undo", new() { To = to }, $"undo to {to}", _stop.Token);
        await Until(runner => runner.Service is { Run: null } service && service.History.Count > releases);
        return Serves(_engine.Find("shop")!)!;
    }

    static string? Serves(Runner runner) =>
        runner.Service is { Run: null, Stable: { } stable } service ? service.RevisionOf(stable).Version : null;

    static async Task<ApiProblem> Refused(Func<Task> ask) => (await Should.ThrowAsync<RefusedException>(ask)).Problem;

    Task Until(Func<Runner, bool> fact) => _engine.Until("shop", fact, _stop.Token);
}

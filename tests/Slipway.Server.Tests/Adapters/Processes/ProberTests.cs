using System.Globalization;
using Slipway.Adapters.Processes;
using Slipway.Health;
using Slipway.Specification;
using Slipway.Support;
using Slipway.Tests.Adapters.Checks;

namespace Slipway.Tests.Adapters.Processes;

public sealed class ProberTests : IDisposable
{
    readonly Answering _app = new();
    readonly Prober _prober = new(TimeProvider.System);
    readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _prober.Dispose();
        _app.Dispose();
        _folder.Dispose();
    }

    int Port => int.Parse(_app.Address.Split(':')[1], CultureInfo.InvariantCulture);

    Task<ProbeResult> Ask(ProbeWay way, int? timeoutMs = null, params string[] dependencies)
    {
        var probe = new ProbeSpec(way) { Timeout = TimeSpan.FromMilliseconds(timeoutMs ?? 20_000) };
        var health = new HealthSpec { Readiness = probe, Dependencies = dependencies.ToSeq() };
        var launch = new Launch([], _folder.Path, [new("PATH", Environment.GetEnvironmentVariable("PATH")!)], "")
        {
            Listens = true,
            Health = health,
        };
        return _prober.Ask(ProbeKind.Readiness, probe, launch, Port);
    }

    [Fact]
    public async Task A_status_that_is_expected_is_good()
    {
        (await Ask(new ProbeWay.Http("/ready"))).ShouldBe(new(ProbeKind.Readiness, ProbeAnswer.Good));
        _app.Status = 204;
        (await Ask(new ProbeWay.Http("/ready") { Expect = [200, 204] })).Answer.ShouldBe(ProbeAnswer.Good);
    }

    [Fact]
    public async Task Another_status_is_told_with_what_was_expected()
    {
        _app.Status = 503;
        (await Ask(new ProbeWay.Http("/ready") { Expect = [200, 204] }))
            .ShouldBe(new(ProbeKind.Readiness, ProbeAnswer.Bad, "/ready answered 503, expected 200 or 204"));
    }

    [Fact]
    public async Task A_body_has_to_contain_what_is_asked_for()
    {
        (await Ask(new ProbeWay.Http("/") { Body = "fine" })).Answer.ShouldBe(ProbeAnswer.Good);
        (await Ask(new ProbeWay.Http("/") { Body = "ready" })).Text
            .ShouldBe("the body of / does not contain \"ready\"");
    }

    [Fact]
    public async Task What_the_app_says_of_its_dependencies_is_kept_and_told()
    {
        _app.Status = 503;
        _app.Body = """{"entries":{"database":{"status":"Unhealthy"},"cache":{"status":"Degraded"}}}""";
        var result = await Ask(new ProbeWay.Http("/ready"), null, "cache", "database");
        result.Text.ShouldBe("/ready answered 503, expected 200: cache is Degraded, database is Unhealthy");
        result.Dependencies.Select(one => one.Answer).ShouldBe([ProbeAnswer.Degraded, ProbeAnswer.Bad]);
    }

    [Fact]
    public async Task A_degraded_app_says_by_whom()
    {
        _app.Body = """{"status":"Degraded","cache":"down"}""";
        (await Ask(new ProbeWay.Http("/ready"), null, "cache"))
            .ShouldBe(new(ProbeKind.Readiness, ProbeAnswer.Degraded, "the app says that it is degraded: cache is down")
            {
                Dependencies = [new("cache", ProbeAnswer.Bad, "down")],
            });
    }

    [Fact]
    public async Task No_answer_in_time_is_a_bad_one()
    {
        _app.Silent = true;
        (await Ask(new ProbeWay.Http("/"), timeoutMs: 100)).Text.ShouldBe("no answer within 0.1 s");
    }

    [Fact]
    public async Task A_connection_is_enough_for_one_way_of_asking()
    {
        (await Ask(new ProbeWay.Tcp())).Answer.ShouldBe(ProbeAnswer.Good);
        _app.Dispose();
        (await Ask(new ProbeWay.Tcp())).Text.ShouldBe($"no connection to port {Port}: Connection refused");
    }

    [Fact]
    public async Task A_command_is_asked_by_its_exit_code_and_its_words_are_told()
    {
        (await Ask(new ProbeWay.Run(["true"]))).Answer.ShouldBe(ProbeAnswer.Good);
        (await Ask(new ProbeWay.Run(["sh", "-c", "echo the queue is away; exit 4"])))
            .ShouldBe(new(ProbeKind.Readiness, ProbeAnswer.Bad,
                "sh ended with exit code 4, expected 0: the queue is away"));
        (await Ask(new ProbeWay.Run(["no-such-program"]))).Text.ShouldStartWith("no-such-program: ");
        (await Ask(new ProbeWay.Run(["sleep", "1000"]), timeoutMs: 100)).Text.ShouldBe("no answer within 0.1 s");
    }
}

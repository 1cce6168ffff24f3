using System.Diagnostics;
using Slipway.Client;
using Slipway.Support;

namespace Slipway.EndToEnd;

/// <summary>Releases whose gate asks another system, while that is there, is gone, and talks nonsense.</summary>
public sealed class SourcesTests : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();
    readonly string _prometheusAt = FreePort.Address();
    Process? _prometheus;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Kill();
        _folder.Dispose();
    }

    /// <summary>Its canary has short steps, and its gate asks at this address.</summary>
    static Machine WithGate(string source, string query, params string[] versions)
    {
        var machine = new Machine(versions);
        var file = Path.Combine(machine.Folder, "slipway.yaml");
        File.WriteAllText(file, File.ReadAllText(file)
            .Replace("every: 4s", "every: 2s", StringComparison.Ordinal)
            .Replace("checks:", $$"""
                  - { metric: requests, from: prometheus, query: '{{query}}', min: 0 }
                sources: { every: 500ms, timeout: 1s, prometheus: { url: "http://{{source}}" } }
                checks:
                """, StringComparison.Ordinal));
        return machine;
    }

    async Task Launch(string scraped)
    {
        await File.WriteAllTextAsync(_folder.File("prometheus.yml"), $$"""
            global: { scrape_interval: 250ms }
            scrape_configs:
              - { job_name: slipway, static_configs: [ { targets: [ "{{scraped}}" ] } ] }
            """);
        _prometheus = Process.Start(new ProcessStartInfo("prometheus", [
            $"--config.file={_folder.File("prometheus.yml")}", $"--storage.tsdb.path={_folder.File("data")}",
            $"--web.listen-address={_prometheusAt}", "--log.level=error"])
        { RedirectStandardError = true });
    }

    async Task Kill()
    {
        if (_prometheus is null) return;
        _prometheus.Kill();
        await _prometheus.WaitForExitAsync();
        _prometheus.Dispose();
        _prometheus = null;
    }

    static bool IsUndecided(ServiceReport service) => service.Release is { Mode: "paused", Reason: "undecided" };

    [FactNeeding("prometheus")]
    public async Task A_real_prometheus_is_missed_killed_and_back_again()
    {
        await using var machine = WithGate(_prometheusAt,
            "sum(slipway_gateway_requests_total{service=\"{service}\",fleet=\"{fleet}\"}) or vector(0)", "1.0", "1.1");
        await machine.Up();
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        var refused = await machine.Run("deploy", "1.1");
        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("slipway.yaml:18: prometheus has no requests for 1.0: it cannot be reached");
        refused.Error.ShouldContain("slipway deploy --blind");

        await Launch(machine.Url["http://".Length..]);
        await using var users = new Users(machine.Listen);
        await DeployWhenThereIsData(machine);
        await machine.Until("the first share", service => service.Release is { SharePercent: > 0 });
        await Kill();
        var silent = await machine.Until("nothing to judge by", IsUndecided);
        silent.Release!.SharePercent.ShouldBe(25, "neither forward nor back");
        silent.Release.Why.ShouldContain("requests: no data from its source: candidate: it cannot be reached");

        await Launch(machine.Url["http://".Length..]);
        var after = await machine.Until("the end of the release", service => service.Release is null);
        await users.Stop();
        (after.Version, after.Last!.Outcome).ShouldBe(("1.1", "done"));
        users.Failures.ShouldBeEmpty();
    }

    static async Task DeployWhenThereIsData(Machine machine)
    {
        for (var began = Stopwatch.StartNew(); began.Elapsed < TimeSpan.FromMinutes(1);)
        {
            var deployed = await machine.Run("deploy", "1.1", "--detach");
            if (deployed.Code == 0) return;
            deployed.Error.ShouldContain("has no requests for 1.0");
        }

        throw new TimeoutException("Prometheus has never had data.");
    }

    [Fact]
    public async Task Errors_silence_and_nonsense_stop_a_release_only_as_long_as_they_last()
    {
        await using var source = await OtherSystem.Start();
        await using var machine = WithGate(
            source.Host, "requests{version=\"{version}\"}", "1.0", "1.1", "1.2", "1.3", "1.4");
        Func<Heard, (int, string)?> well = _ =>
            (200, """{"data":{"resultType":"scalar","result":[1700000000,"5"]}}""");
        await machine.Up();
        source.Answer = well;
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        await using var users = new Users(machine.Listen);
        (string Version, Func<Heard, (int, string)?> Trouble, string Why)[] troubles =
        [
            ("1.1", _ => (500, ""), "it answered 500"),
            ("1.2", _ => null, "no answer within 1 s"),
            ("1.3", _ => (400, """{"error":"parse error"}"""), "it answered 400: parse error"),
            ("1.4", _ => (200, """{"data":{"resultType":"vector","result":[]}}"""), "nothing was found"),
        ];
        foreach (var (version, trouble, why) in troubles)
        {
            source.Answer = well;
            (await machine.Run("deploy", version, "--detach")).Code.ShouldBe(0);
            source.Answer = trouble;
            var silent = await machine.Until("nothing to judge by", IsUndecided);
            silent.Release!.SharePercent.ShouldBe(25, "neither forward nor back");
            silent.Release.Why.ShouldContain(why);
            source.Answer = well;
            var after = await machine.Until("the end of the release", service => service.Release is null);
            (after.Version, after.Last!.Outcome).ShouldBe((version, "done"));
        }

        await users.Stop();
        users.Failures.ShouldBeEmpty();
    }
}

using System.Diagnostics;
using System.Globalization;
using Slipway.Gates;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Sources;

/// <summary>Prometheus itself, that reads the counts of two versions, is killed, and comes back.</summary>
public sealed class RealPrometheusTests : IAsyncLifetime
{
    readonly TemporaryFolder folder = new();
    readonly int port = FreePort.Next();
    OtherSystem shop = null!;
    Process? prometheus;

    public async Task InitializeAsync()
    {
        shop = await OtherSystem.Start();
        shop.Answer = _ => (200, "queue{version=\"1.0\"} 4\nqueue{version=\"1.1\"} 6\n");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "prometheus.yml"), $$"""
            global: { scrape_interval: 200ms }
            scrape_configs:
              - { job_name: shop, static_configs: [ { targets: [ "{{shop.Host}}" ] } ] }
            """);
    }

    public async Task DisposeAsync()
    {
        await Kill();
        await shop.DisposeAsync();
        folder.Dispose();
    }

    void Launch() => prometheus = Process.Start(new ProcessStartInfo("prometheus", [
        $"--config.file={folder.Path}/prometheus.yml", $"--storage.tsdb.path={folder.Path}/data",
        $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
    { RedirectStandardError = true });

    async Task Kill()
    {
        if (prometheus is null) return;
        prometheus.Kill();
        await prometheus.WaitForExitAsync();
        prometheus.Dispose();
        prometheus = null;
    }

    Asker Asking(string query, Take take = Take.Last) => new(
        new SourcesSpec
        {
            Every = TimeSpan.FromMilliseconds(200),
            Prometheus = new() { Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}") },
        },
        new("queue", "prometheus", query) { Take = take });

    /// <summary>It has read once more, or the source has answered otherwise.</summary>
    static async Task<CustomValue> Until(Asker asker, Func<CustomValue, bool> wanted)
    {
        var time = Stopwatch.StartNew();
        while (true)
        {
            var value = await asker.Next();
            if (wanted(value)) return value;
            time.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1), value.Why);
        }
    }

    [FactNeeding("prometheus")]
    public async Task Knows_both_versions_and_comes_back_after_a_kill()
    {
        Launch();
        using var asker = Asking("queue{version=\"{version}\"}");
        (await Until(asker, value => value.Why is null)).ShouldBe(new("queue", 6, 4));
        await Kill();
        (await Until(asker, value => value.Why is not null)).Why!.ShouldStartWith("candidate: ");
        Launch();
        (await Until(asker, value => value.Why is null)).ShouldBe(new("queue", 6, 4));

        using var mean = Asking("queue{version=\"{version}\"}", Take.Mean);
        (await Until(mean, value => value.Why is null)).ShouldBe(new("queue", 6, 4));
        using var wrong = Asking("sum(queue))");
        (await wrong.Next()).Why!.ShouldContain("it answered 400: ");
        using var several = Asking("queue");
        (await several.Next()).Why!.ShouldContain("2 series were found");
        using var nothing = Asking("no_such_metric");
        (await nothing.Next()).Why!.ShouldContain("nothing was found");
        using var undefined = Asking("sum(queue) * 0 / 0");
        (await undefined.Next()).Why!.ShouldContain("NaN");
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Machines;

/// <summary>
/// A program to release, and the service file that says how: APP, LISTEN and GROWTH stand for what a machine has.
/// </summary>
/// <param name="Tells">What its build says, into the file that the program reads, of "1.2 and what is with it".</param>
public sealed partial record Released(string Program, string Yaml, Func<string, (string File, string Text)> Tells)
{
    /// <summary>Small and quick. A build's file "switches" says what is wrong with it.</summary>
    public static Released App { get; } = new(
        Built.File("Slipway.EndToEnd.App", "Slipway.EndToEnd.App.dll"),
        """
        service: shop
        runtime:
          process:
            command: [dotnet, "APP", --port, "{port}", --version, "{version}"]
            directory: builds/{version}
            stop: { grace: 5s }
        replicas: 2
        keepOld: 10m
        health:
          startup:   { tcp: true, every: 200ms, timeout: 200ms, failures: 300 }
          readiness: { http: /ready, every: 200ms, timeout: 200ms, failures: 10 }
          liveness:  { http: /health, every: 1s, failures: 5 }
        traffic: { listen: LISTEN, drain: 5s }
        strategy:
          canary: { steps: [25, 100], every: 2s, minRequests: 20 }
        gates:
          - { errorRate: { max: 5% } }
        checks:
          smoke: [ { http: /, expect: 200 }, { run: "sh -c 'test -n \"$SLIPWAY_VERSION\"'" } ]
        """,
        version => ("switches", version.Split(' ', 2) is [_, var switches] ? switches : ""));

    /// <summary>The sample of this tree, every version of it.</summary>
    public static Released Shop { get; } = new(
        Built.File("Shop", "Shop.dll"),
        """
        service: shop
        runtime:
          process:
            command: [dotnet, "APP", --urls, "http://127.0.0.1:{port}"]
            directory: builds/{version}
            stop: { grace: 5s }
        replicas: 2
        keepOld: 10m
        health:
          startup:   { http: /startup, every: 200ms, timeout: 200ms, failures: 100 }
          readiness: { http: /ready, every: 500ms, timeout: 500ms, failures: 5 }
          liveness:  { http: /health, every: 2s, timeout: 2s, failures: 5 }
        traffic: { listen: LISTEN, drain: 5s, versionHeader: true }
        strategy:
          canary: { steps: [25, 100], every: 15s, minRequests: 50 }
        gates:
          - { errorRate: { max: 1% } }
          - { compare: errorRate, worseBy: 0.5% }
          - { compare: latency, percentile: p99, worseBy: 100ms, warmUp: 3s }
        """,
        version => ("version", version));

    /// <summary>
    /// In an hour, of what this machine may use: less than half of what a leaking version keeps at fifty requests a
    /// second.
    /// </summary>
    static string FiveGigabytes => string.Create(CultureInfo.InvariantCulture,
        $"{Math.Min(100, 100 * 5e9 / GC.GetGCMemoryInfo().TotalAvailableMemoryBytes):0.#}%");

    public Released Where(string text, string other) => Yaml.Contains(text, StringComparison.Ordinal)
        ? this with { Yaml = Yaml.Replace(text, other, StringComparison.Ordinal) }
        : throw new ArgumentException($"there is no \"{text}\" in the service file");

    /// <summary>One more gate, which takes a part of the chance of a false alarm from the others.</summary>
    public Released With(string gate) => Where("gates:\n", $"gates:\n  - {gate}\n");

    public Released By(string strategy) => this with { Yaml = Strategy().Replace(Yaml, $"strategy:\n  {strategy}\n") };

    public string At(string listen) => Yaml
        .Replace("GROWTH", FiveGigabytes, StringComparison.Ordinal)
        .Replace("APP", Program, StringComparison.Ordinal)
        .Replace("LISTEN", listen, StringComparison.Ordinal);

    public void Build(string folder, string version)
    {
        var (file, text) = Tells(version);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, file), text);
    }

    [GeneratedRegex(@"strategy:\n.*\n")]
    private static partial Regex Strategy();
}

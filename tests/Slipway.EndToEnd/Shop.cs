using System.Diagnostics;
using System.Text.RegularExpressions;
using Slipway.Adapters.Processes;
using Slipway.Decisions;
using Slipway.ServiceFile;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.EndToEnd;

/// <summary>
/// A folder with a slipway.yaml and builds, a gateway in front, and nothing left of it all when it is disposed.
/// </summary>
sealed class Shop : IAsyncDisposable
{
    public const string Name = "shop";

    readonly TemporaryFolder _folder = new();
    readonly List<Platform> _started = [];

    public Front Front { get; } = new();

    /// <summary>Builds beside the specification, each with the switches that its program reads.</summary>
    public Shop With(string version, string switches = "")
    {
        Released.App.Build(_folder.File($"builds/{version}"), $"{version} {switches}");
        return this;
    }

    ServiceSpec Spec(Released released)
    {
        var file = SlipwayFile.Read("slipway.yaml", released.At(Front.Listen));
        file.Problems.Where(problem => problem.Severity == ProblemSeverity.Error).ShouldBeEmpty();
        return file.Spec!;
    }

    public async Task<Platform> Start()
    {
        var data = Directory.CreateDirectory(_folder.File("data")).FullName;
        _started.Add(await Platform.Start(data, _folder.Path, Front, Spec(Released.App)));
        return _started[^1];
    }

    /// <summary>Registered, with a first version that serves.</summary>
    public async Task<Platform> StartWith(string version, Released? released = null)
    {
        var platform = await Start();
        await platform.Order(new Command.Register("register", Spec(released ?? Released.App)));
        await platform.Order(new Command.Deploy($"deploy {version}", new(version)));
        var first = await platform.Until($"the first deploy of {version}",
            runner => runner.Service.Run is null && runner.Service.History.Count > 0);
        first.History[^1].Outcome.ShouldBe(Releases.Outcome.Done);
        return platform;
    }

    /// <summary>Whatever runs ends here, also when a test has failed in the middle.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var platform in _started) await platform.DisposeAsync(); // else it would replace what ends here
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "r*.json", SearchOption.AllDirectories))
            foreach (Match match in Regex.Matches(File.ReadAllText(file), "\"pid\":(\\d+)"))
                End(int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
        await Front.DisposeAsync();
        _folder.Dispose();
    }

    static void End(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            if (process.ProcessName == "dotnet") process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended before.
        }
    }
}

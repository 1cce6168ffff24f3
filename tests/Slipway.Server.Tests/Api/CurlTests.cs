using System.Diagnostics;
using System.Text.RegularExpressions;
using Slipway.Approvals;
using Slipway.Plans;
using Slipway.Support;

namespace Slipway.Api;

/// <summary>Every line of docs/reference/api.md that begins with curl does what its section says.</summary>
public sealed partial class CurlTests
{
    const int OutOfTime = 28;

    static readonly string[] Versions = ["1.3.5", "1.3.6", "1.3.7", "1.3.8", "1.3.9", "1.4.0", "1.4.1"];

    [FactNeeding("curl", "jq")]
    public async Task Every_line_of_the_reference_is_answered()
    {
        var reference = await File.ReadAllTextAsync(Repository.File("docs/reference/api.md"));
        var sections = Section().Matches(reference);
        sections.Count.ShouldBe(Regex.Count(reference, "^### `", RegexOptions.Multiline));
        foreach (Match section in sections)
        {
            var (name, lines) = (section.Groups["name"].Value, section.Groups["lines"].Value);
            using var folder = new TemporaryFolder();
            await using var desk = await At(name, folder.Path);
            await File.WriteAllTextAsync(folder.File("slipway.yaml"), Reception.Yaml(), desk.Patience);
            var (code, said) = await Run(lines, desk, folder.Path);
            if (name.EndsWith("/events`", StringComparison.Ordinal) && !name.Contains("{id}", StringComparison.Ordinal))
                (code, said).ShouldBe((OutOfTime, ": what happens from now on\n\n"), name);
            else code.ShouldBe(0, $"{name}: {said}");
        }
    }

    /// <summary>Seven releases are over, and what the section is about is the case.</summary>
    static async Task<Reception> At(string name, string folder)
    {
        var desk = await Reception.Open(scene => scene with
        {
            Approvals = new ApprovalLinks(folder, () => "http://slipway.example.com"),
            PostMortem = (_, _) => "# Post-mortem",
        });
        await desk.Register(Reception.Yaml("rolling: {}"));
        foreach (var version in Versions) await desk.Deploy(version);
        var asks = Asking().IsMatch(name);
        const string notify = "notify: [ { slack: \"${SLACK_WEBHOOK_URL}\" } ]";
        await desk.Register(Reception.Yaml(asks ? "blueGreen: {}" : Reception.Canary, notify
            + (asks ? "\nchecks: { approval: { by: [release-managers] } }" : "")));
        if (!asks && !UnderWay().IsMatch(name)) return desk;
        await desk.Client.Deploy("shop", new("1.4.2"), "", desk.Patience);
        await desk.Until(runner => asks
            ? runner.Service.Run is { AwaitsApproval: true }
            : runner.Service.Run is { Step: Step.Wait });
        return desk;
    }

    static async Task<(int Code, string Said)> Run(string lines, Reception desk, string folder)
    {
        const string strict = "curl() { command curl -sS --fail-with-body --max-time 3 \"$@\"; }\n";
        var start = new ProcessStartInfo("sh", ["-ec", strict + lines])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SLIPWAY_URL"] = desk.Server.Url;
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(desk.Patience);
        var told = await process.StandardError.ReadToEndAsync(desk.Patience);
        await process.WaitForExitAsync(desk.Patience);
        return (process.ExitCode, process.ExitCode is 0 or OutOfTime ? said : said + told);
    }

    [GeneratedRegex(@"^### (?<name>`[A-Z]+ [^`]+`)\n(?:(?!^##)[^`]|`[^`]+`)*?```\n(?<lines>.*?)```",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex("/(approve|reject|approval-link)`")]
    private static partial Regex Asking();

    [GeneratedRegex("/(promote|pause|resume|hold|abort)`|/releases/")]
    private static partial Regex UnderWay();
}

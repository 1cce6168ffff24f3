using System.CommandLine;
using System.Globalization;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Screens;
using Slipway.ServiceFile;
using Slipway.Specification;

namespace Slipway.Commands;

/// <summary>Shows what a deploy would do, from the file alone; changes nothing.</summary>
internal static class PlanCommand
{
    /// <summary>Nobody has said what runs now, and there is no control plane to ask.</summary>
    const string VersionBefore = "the version before";

    const string NotSaid = "What runs now was not said: --from VERSION names it, --first shows a first deploy.";

    public static Command Create(Desk desk)
    {
        var path = new Argument<string>("file")
        {
            Description = "The file; otherwise slipway.yaml of this folder",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var to = new Option<string>("--to") { HelpName = "VERSION", Required = true };
        to.Description = "The version to release";
        var from = new Option<string>("--from") { Description = "The version that runs now", HelpName = "VERSION" };
        var first = new Option<bool>("--first") { Description = "Show the first deploy, when nothing runs yet" };
        var traffic = new Option<string>("--traffic") { HelpName = "RATE" };
        traffic.Description = "Requests that come in, like 100/s or 2000/min";
        var compare = new Option<bool>("--compare") { Description = "Compare all strategies for this service" };
        var output = SharedOptions.Output();
        return new Verb("plan", "Show what a deploy would do, step by step; nothing is changed",
            "slipway plan --from 1.4.1 --to 1.4.2", "slipway plan --to 1.4.2 --traffic 20/s --compare")
            { path, to, from, first, traffic, compare, output }
            .Does(desk, (parse, desk) => Run(
                new(parse.GetValue(path) ?? "slipway.yaml", parse.GetValue(to)!, parse.GetValue(from))
                {
                    First = parse.GetValue(first),
                    Traffic = parse.GetValue(traffic),
                    Compare = parse.GetValue(compare),
                    Json = parse.GetValue(output) == "json",
                }, desk));
    }

    internal sealed record Asked(string Path, string To, string? From)
    {
        public bool First { get; init; }
        public string? Traffic { get; init; }
        public bool Compare { get; init; }
        public bool Json { get; init; }
    }

    static int Run(Asked asked, Desk desk)
    {
        if (asked is { First: true, From: not null })
            return desk.Refuse("--first and --from exclude each other", "Leave one of them out.");
        if (Wrong(asked, desk) is { } wrong) return wrong;
        var outlook = new Outlook(desk.Clock.GetUtcNow());
        if (asked.Traffic is { } text)
        {
            if (Rate(text) is not { } rate)
                return desk.Refuse($"\"{text}\" is no rate of requests", "Write it like 100/s, 2000/min or 5000/h.");
            outlook = outlook with { RequestsPerSecond = rate, TrafficFrom = TrafficFrom.Asked };
        }

        if (ServiceFiles.Read(asked.Path, desk) is not { } file) return ExitCode.Usage;
        if (file.Spec is not { } spec)
        {
            if (asked.Json) desk.Out.WriteLine(ProblemsJson.Object(file));
            foreach (var line in ProblemScreen.Lines(file, desk.Terminal)) desk.Error.WriteLine(line);
            desk.Error.WriteLine(ProblemScreen.Summary(file, desk.Terminal));
            return ExitCode.Usage;
        }
        var situation = Situation(spec, asked);
        return asked.Compare ? ShowAll(asked, situation, outlook, desk) : Show(asked, situation, outlook, desk);
    }

    static int ShowAll(Asked asked, Situation situation, Outlook outlook, Desk desk)
    {
        if (situation.IsFirst)
            return desk.Refuse("a first deploy is the same with every strategy", "Leave out --first or --compare.");
        var all = Alternatives.Of(situation, outlook);
        if (asked.Json) desk.Out.WriteLine(PlanJson.Text(situation, all, outlook));
        else desk.Print(ComparisonScreen.Lines(all, situation, desk.Terminal.Width, desk.Terminal));
        return ExitCode.Done;
    }

    static int Show(Asked asked, Situation situation, Outlook outlook, Desk desk)
    {
        var forecast = Noted(Forecaster.Deploy(situation, outlook), asked);
        if (asked.Json) desk.Out.WriteLine(PlanJson.Text(forecast with { From = asked.From }));
        else desk.Print(PlanScreen.Lines(forecast, desk.Terminal.Width, desk.Terminal));
        return ExitCode.Done;
    }

    static Forecast Noted(Forecast forecast, Asked asked) => asked.From is null && !asked.First
        ? forecast with { Notes = forecast.Notes.Add(NotSaid) }
        : forecast;

    internal static Situation Situation(ServiceSpec spec, Asked asked) => asked.First
        ? new(spec, new(1, asked.To, spec), 1)
        : Plans.Situation.Upgrade(spec, asked.From ?? VersionBefore, asked.To);

    static int? Wrong(Asked asked, Desk desk)
    {
        foreach (var version in new[] { asked.To, asked.From }.OfType<string>())
            if (version.Length is 0 or > 128 || !version.All(MayStandIn))
                return desk.Refuse(
                    $"\"{version}\" is not a version", "At most 128 letters, digits and . _ + - make one.");
        return null;

        static bool MayStandIn(char letter) => char.IsAsciiLetterOrDigit(letter) || "._+-".Contains(letter);
    }

    static double? Rate(string text)
    {
        var parts = text.Split('/', StringSplitOptions.TrimEntries);
        double? seconds = parts switch
        {
            [_] or [_, "s"] => 1,
            [_, "min" or "m"] => 60,
            [_, "h"] => 3600,
            _ => null,
        };
        var isNumber = double.TryParse(
            parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count);
        return isNumber && count > 0 && double.IsFinite(count) ? count / seconds : null;
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Reports;
using Slipway.Specification;

namespace Slipway.Notices;

/// <summary>What a notice says, in our words or in those of slipway.yaml.</summary>
static partial class Wording
{
    /// <summary>The names in braces that a text of slipway.yaml may hold.</summary>
    public static readonly string[] Names =
        ["{service}", "{environment}", "{version}", "{stable}", "{release}", "{what}", "{why}", "{by}", "{text}"];

    /// <summary>Null when every name in braces is known.</summary>
    public static string? Problem(string text) =>
        Place().Matches(text).FirstOrDefault(match => !Names.Contains(match.Value)) is { } unknown
            ? $"nothing is known by the name {unknown.Value}"
            : null;

    /// <summary>The whole message, as it is read where many services are told of.</summary>
    public static string Headline(Notice notice, NotifySpec target) => (target.Text is { } text
        ? Place().Replace(text, match => Value(notice, match.Value) ?? match.Value)
        : notice.Environment == Defaults.Environment
            ? $"{notice.Service}: {notice.Text}"
            : $"{notice.Service} ({notice.Environment}): {notice.Text}") + When(notice);

    /// <summary>What comes late must not be taken for what is now.</summary>
    static string When(Notice notice)
    {
        if (notice.Sent - notice.At <= Limits.Late) return "";
        var (at, sent) = (notice.At.UtcDateTime, notice.Sent.UtcDateTime);
        var format = at.Date == sent.Date ? "HH:mm" : "MMM d HH:mm";
        return $" (at {at.ToString(format, CultureInfo.InvariantCulture)} UTC)";
    }

    public static string What(NoticeKind kind) => kind switch
    {
        NoticeKind.TurnedBack => "goes back",
        NoticeKind.RolledBack => "rolled back",
        _ => $"{kind}".ToLowerInvariant(),
    };

    public static string Of(Notice notice, Service before, Service after, Recorded recorded)
    {
        var told = Story.Of(before, [recorded]).Select(line => line.Text).FirstOrDefault() ?? "";
        var why = notice.Why.Length > 0 ? $": {notice.Why}" : "";
        return recorded.Event switch
        {
            Event.Started x => Started(notice, after, x),
            Event.Entered => $"{notice.Version} waits for approval: slipway approve {notice.Service}{As(after)}",
            Event.Paused => $"release of {notice.Version} is paused{why}",
            Event.TurnedBack when notice.Stable is { } stable => $"{notice.Version} goes back to {stable}{why}",
            Event.TurnedBack => $"{notice.Version} is taken back{why}",
            Event.Ended x => Ended(notice, before.Run!, x.Outcome, told, why),
            _ => told,
        };
    }

    /// <summary>What somebody has to say to be asked at all.</summary>
    static string As(Service s) => s.Run is { Step: Step.Ask { Question: Question.Approval { By: [var role, ..] } } }
        ? $" --role {role}"
        : "";

    static string Started(Notice notice, Service after, Event.Started x)
    {
        var from = x.Kind == RunKind.Deploy && notice.Stable is { } stable ? $" over {stable}" : "";
        var by = x.Reason != Reason.Asked ? " by itself" : notice.By.Length > 0 ? $", by {notice.By}" : "";
        var cause = notice.Why.Length > 0 ? $": {notice.Why}" : "";
        return $"{Story.What(after, x)}{from} has begun{by}{cause}";
    }

    static string Ended(Notice notice, Run run, Outcome outcome, string told, string why)
    {
        var serves = notice.Stable is { } stable && stable != notice.Version ? $", {stable} serves" : "";
        return outcome switch
        {
            Outcome.RolledBack or Outcome.Aborted or Outcome.Superseded => told + serves + why,
            _ when run.Kind == RunKind.Undo => $"back to {notice.Version}: it serves again{why}",
            Outcome.Done when run.Kind is RunKind.First or RunKind.Deploy => $"{notice.Version} is live",
            _ => told,
        };
    }

    static string? Value(Notice notice, string name) => name switch
    {
        "{service}" => notice.Service,
        "{environment}" => notice.Environment,
        "{version}" => notice.Version ?? "",
        "{stable}" => notice.Stable ?? "",
        "{release}" => notice.Release.ToString(CultureInfo.InvariantCulture),
        "{what}" => What(notice.Kind),
        "{why}" => notice.Why,
        "{by}" => notice.By,
        "{text}" => notice.Text,
        _ => null,
    };

    // A reference like ${NAME} is not ours.
    [GeneratedRegex(@"(?<!\$)\{[a-z]+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}

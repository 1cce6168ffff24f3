using System.Text.Json.Nodes;
using Slipway.Specification;

namespace Slipway.Notices;

/// <summary>A notice in the words of who gets it; no address yet, since that is a secret.</summary>
sealed record Letter(JsonObject Body)
{
    const string CdEvents = "0.4.1";

    public string ContentType { get; init; } = "application/json";

    public static Letter Of(NotifySpec target, Notice notice, string secret) => target.Kind switch
    {
        NotifyKind.Slack => new(new JsonObject { ["text"] = Escaped(Wording.Headline(notice, target)) }),
        NotifyKind.PagerDuty => PagerDuty(target, notice, secret),
        _ => new(CloudEvent(target, notice)) { ContentType = "application/cloudevents+json" },
    };

    /// <summary>What Slack would read as a mention or a link is text here.</summary>
    static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>
    /// One incident for each service: what goes wrong opens it, the next end that is good ends it. A trial has one of
    /// its own.
    /// </summary>
    static Letter PagerDuty(NotifySpec target, Notice notice, string key)
    {
        var isTrial = notice.Kind == NoticeKind.Trial;
        var body = new JsonObject
        {
            ["routing_key"] = key,
            ["event_action"] = notice.Alarm == Alarm.Over ? "resolve" : "trigger",
            ["dedup_key"] = $"slipway/{notice.Environment}/{notice.Service}{(isTrial ? "/trial" : "")}",
        };
        if (notice.Alarm == Alarm.Over) return new(body);
        var summary = Wording.Headline(notice, target);
        body["payload"] = new JsonObject
        {
            ["summary"] = summary.Length <= Limits.SummaryMax ? summary : summary[..(Limits.SummaryMax - 1)] + "…",
            ["source"] = $"slipway/{notice.Service}",
            ["severity"] = notice.On switch
            {
                NotifyOn.Failed => "critical",
                NotifyOn.RolledBack => "error",
                NotifyOn.Waiting => "warning",
                _ => "info",
            },
            ["timestamp"] = notice.At,
            ["component"] = notice.Service,
            ["custom_details"] = Details(notice),
        };
        return new(body);
    }

    static JsonObject CloudEvent(NotifySpec target, Notice notice)
    {
        var (source, type) = ($"/slipway/{notice.Environment}", TypeOf(notice.Kind));
        var content = new JsonObject
        {
            ["environment"] = new JsonObject { ["id"] = notice.Environment },
        };
        if (Artifact(notice) is { } artifact) content["artifactId"] = artifact;
        var details = Details(notice);
        details["message"] = Wording.Headline(notice, target);
        return new()
        {
            ["specversion"] = "1.0",
            ["id"] = notice.Id,
            ["source"] = source,
            ["type"] = type,
            ["time"] = notice.At,
            ["datacontenttype"] = "application/json",
            ["data"] = new JsonObject
            {
                ["context"] = new JsonObject
                {
                    ["version"] = CdEvents,
                    ["id"] = notice.Id,
                    ["source"] = source,
                    ["type"] = type,
                    ["timestamp"] = notice.At,
                },
                ["subject"] = new JsonObject
                {
                    ["id"] = notice.Service,
                    ["source"] = source,
                    ["type"] = "service",
                    ["content"] = content,
                },
                ["customData"] = details,
                ["customDataContentType"] = "application/json",
            },
        };
    }

    /// <summary>What serves now: after going back that is the version before. A removed service has none.</summary>
    static string? Artifact(Notice notice)
    {
        var version = notice.Kind == NoticeKind.RolledBack ? notice.Stable ?? notice.Version : notice.Version;
        return notice.Kind == NoticeKind.Removed || version is null
            ? null
            : $"pkg:generic/{notice.Service}@{Uri.EscapeDataString(version)}";
    }

    /// <summary>
    /// What the standard has no word for has a name of ours, in the form that the standard gives to such.
    /// </summary>
    static string TypeOf(NoticeKind kind) => kind switch
    {
        NoticeKind.Deployed => "dev.cdevents.service.deployed.0.2.0",
        NoticeKind.Succeeded => "dev.cdevents.service.upgraded.0.2.0",
        NoticeKind.RolledBack => "dev.cdevents.service.rolledback.0.2.0",
        NoticeKind.Removed => "dev.cdevents.service.removed.0.2.0",
        _ => $"dev.cdeventsx.slipway-release.{$"{kind}".ToLowerInvariant()}.0.1.0",
    };

    static JsonObject Details(Notice notice)
    {
        var details = new JsonObject
        {
            ["service"] = notice.Service,
            ["environment"] = notice.Environment,
            ["release"] = notice.Release,
            ["version"] = notice.Version,
            ["stable"] = notice.Stable,
            ["what"] = Wording.What(notice.Kind),
            ["text"] = notice.Text,
        };
        if (notice.Why.Length > 0) details["why"] = notice.Why;
        if (notice.By.Length > 0) details["by"] = notice.By;
        return details;
    }
}

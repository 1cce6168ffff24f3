using System.Text.Json.Nodes;
using Slipway.Specification;

namespace Slipway.Notices;

/// <summary>A notice in the words of who gets it; no address yet, since that is a secret.</summary>
sealed record Letter(JsonObject Body)
{
    const string CdEvents = "0.4.1";

    public string ContentType { get; init; } = "application/json";

    /// <summary>None when this target has no use for it.</summary>
    public static Letter? Of(NotifyKind kind, Notice notice, string secret) => kind switch
    {
        NotifyKind.Slack => new(new JsonObject { ["text"] = Escaped(Headline(notice)) }),
        NotifyKind.PagerDuty => PagerDuty(notice, secret),
        _ => new(CloudEvent(notice)) { ContentType = "application/cloudevents+json" },
    };

    static string Headline(Notice notice) => notice.Environment == Defaults.Environment
        ? $"{notice.Service}: {notice.Text}"
        : $"{notice.Service} ({notice.Environment}): {notice.Text}";

    /// <summary>What Slack would read as a mention or a link is text here.</summary>
    static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>
    /// One incident for each service: what goes wrong opens it, the next release that goes well ends it.
    /// </summary>
    static Letter? PagerDuty(Notice notice, string key)
    {
        var isOver = notice.On == NotifyOn.Succeeded;
        if (notice.On == NotifyOn.Started) return null;
        var body = new JsonObject
        {
            ["routing_key"] = key,
            ["event_action"] = isOver ? "resolve" : "trigger",
            ["dedup_key"] = $"slipway/{notice.Environment}/{notice.Service}",
        };
        if (isOver) return new(body);
        body["payload"] = new JsonObject
        {
            ["summary"] = Headline(notice),
            ["source"] = $"slipway/{notice.Service}",
            ["severity"] = notice.Kind switch
            {
                NoticeKind.Failed => "critical",
                NoticeKind.Waiting => "warning",
                _ => "error",
            },
            ["timestamp"] = notice.At,
            ["component"] = notice.Service,
            ["custom_details"] = Details(notice),
        };
        return new(body);
    }

    static JsonObject CloudEvent(Notice notice)
    {
        var (source, type) = ($"/slipway/{notice.Environment}", TypeOf(notice.Kind));
        var content = new JsonObject
        {
            ["environment"] = new JsonObject { ["id"] = notice.Environment },
        };
        if (notice.Version is { } version)
            content["artifactId"] = $"pkg:generic/{notice.Service}@{Uri.EscapeDataString(version)}";
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
                ["subject"] = new JsonObject { ["id"] = notice.Service, ["source"] = source, ["content"] = content },
                ["customData"] = Details(notice),
                ["customDataContentType"] = "application/json",
            },
        };
    }

    /// <summary>
    /// What the standard has no word for has a name of ours, in the form that the standard gives to such.
    /// </summary>
    static string TypeOf(NoticeKind kind) => kind switch
    {
        NoticeKind.Succeeded => "dev.cdevents.service.deployed.0.2.0",
        NoticeKind.RolledBack => "dev.cdevents.service.rolledback.0.2.0",
        NoticeKind.Removed => "dev.cdevents.service.removed.0.2.0",
        _ => $"dev.cdeventsx.slipway-release.{$"{kind}".ToLowerInvariant()}.0.1.0",
    };

    static JsonObject Details(Notice notice) => new()
    {
        ["service"] = notice.Service,
        ["environment"] = notice.Environment,
        ["release"] = notice.Release,
        ["version"] = notice.Version,
        ["what"] = $"{notice.Kind}",
        ["text"] = notice.Text,
    };
}

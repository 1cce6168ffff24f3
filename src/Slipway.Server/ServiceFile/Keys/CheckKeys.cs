using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class CheckKeys
{
    static readonly MapShape<CheckSpec.Load> Load = new MapShape<CheckSpec.Load>("load", new(["/"]))
        .Key("paths", Lists.OneOrMore(Texts.UrlPath), "What is asked for, one after the other.",
            (load, paths) => load with { Paths = paths }, "[/]")
        .Key("rate", Numbers.PerSecond, "Requests in a second.", (load, rate) => load with { Rate = rate }, "20/s")
        .Key("for", Durations.Some, "How long.", (load, time) => load with { For = time }, "30s")
        .Key("errors", Percentages.Rate, "The most of them that may fail: a status from 500 on, or no answer.",
            (load, errors) => load with { Errors = errors }, "1%")
        .Key("p99", Durations.Latency, "99 of 100 must be answered this fast.",
            (load, time) => load with { P99 = time })
        .Check((load, places) =>
        {
            if (load.Rate is <= 0 or > Limits.LoadRate)
                places.Wrong("rate", $"{load.Rate}/s is no little traffic", $"at most {Limits.LoadRate}/s");
            if (load.For > Limits.LoadTime)
                places.Wrong("for", "this is too long", $"at most {Limits.LoadTime.TotalMinutes}m");
        });

    static readonly Shape<CheckSpec> Check = new MapShape<Draft>("check", new())
        .Key("http", Texts.UrlPath, "Asks the candidate for this path.",
            (check, path) => check with { Spec = new CheckSpec.Http(path) })
        .Key("run", Texts.Command, "Runs a command; 0 is yes.",
            (check, command) => check with { Spec = new CheckSpec.Run(command) })
        .Key("webhook", Texts.Url, "Asks another system; a status of 200 to 299 is yes.",
            (check, url) => check with { Spec = new CheckSpec.Webhook(url) })
        .Key("load", Load, "Sends a little traffic to the candidate's preview, and looks how it is answered.",
            (check, load) => check with { Spec = load })
        .ExactlyOne("http", "run", "webhook", "load")
        .Key("timeout", Durations.Some, "How long the answer may take; with load, beyond its own time.",
            (check, time) => check with { Timeout = time }, "1m")
        .Key("expect", Numbers.Whole(100, 599), "The status that is yes.",
            (check, code) => check with { Expect = code }, "200")
        .Key("header", SettingsShape.Headers, "Headers that the answer must have, with these values.",
            (check, header) => check with { Header = header }, "{}")
        .Key("json", SettingsShape.JsonPaths, "Values that a body of JSON must have, each by the path to it.",
            (check, json) => check with { Json = json }, "{}")
        .Key("body", Texts.Any, "Text that the body must contain.", (check, text) => check with { Body = text })
        .Key("within", Durations.Some, "The answer must come this fast.", (check, time) => check with { Within = time })
        .Key("secret", Texts.Any, "With webhook: what the question is signed with, best as a reference.",
            (check, secret) => check with { Secret = secret })
        .Only("webhook", "secret")
        .Only("http", "expect", "header", "json", "body", "within")
        .Select(check => check.Done());

    static readonly MapShape<ApprovalSpec> Approval = new MapShape<ApprovalSpec>("approval", new())
        .Key("before", Choices.Of<ApprovalBefore>(),
            "What waits for it: the first step, or the one that gives the new version all the traffic.",
            (approval, before) => approval with { Before = before }, "promote")
        .Key("by", Lists.OneOrMore(Texts.Any), "Who may answer; none named means anybody.",
            (approval, by) => approval with { By = by }, "[]")
        .Key("timeout", Durations.Some, "How long the release waits for an answer before it goes back.",
            (approval, time) => approval with { Timeout = time }, "24h");

    static readonly MapShape<HookSpec> Hook = new MapShape<HookSpec>("hook", new([]))
        .Must("run", Texts.Command, "What is done.", (hook, command) => hook with { Run = command })
        .Key("undo", Texts.Command,
            "What takes it back when the release turns back. An undo of a release that has settled does not run it.",
            (hook, command) => hook with { Undo = command })
        .Key("timeout", Durations.Some, "How long it may take.", (hook, time) => hook with { Timeout = time }, "10m");

    static readonly Shape<WebhookSpec> Webhook = new MapShape<WebhookDraft>("webhooks", new())
        .Must("at", Choices.Of<WebhookMoment>(), "When it is asked; those that confirm are asked until they say yes.",
            (webhook, at) => webhook with { At = at })
        .Must("url", Texts.Url, "Where it is asked, by POST; a status of 200 to 299 is yes.",
            (webhook, url) => webhook with { Url = url })
        .Key("secret", Texts.Any, "What the question is signed with, best as a reference.",
            (webhook, secret) => webhook with { Secret = secret })
        .Key("timeout", Durations.Some, "How long an answer may take, 1m; at a confirm, how long until its yes, 24h.",
            (webhook, time) => webhook with { Timeout = time })
        .Key("every", Durations.Some, "How often a confirm, or a rollback, is asked again.",
            (webhook, time) => webhook with { Every = time }, "10s")
        .Select(webhook => webhook.Done());

    public static readonly MapShape<ChecksSpec> Checks = new MapShape<ChecksSpec>("checks", new())
        .Key("smoke", Lists.Of(Check), "Asked of the candidate before any user is on it.",
            (checks, smoke) => checks with { Smoke = smoke }, "[]")
        .Key("beforePromote", Lists.Of(Check), "Asked before the new version gets all the traffic.",
            (checks, before) => checks with { BeforePromote = before }, "[]")
        .Key("approval", Approval, "A person is asked.", (checks, approval) => checks with { Approval = approval })
        .Key("webhooks", Lists.Of(Webhook), "Other systems that have a say, each at its moment.",
            (checks, webhooks) => checks with { Webhooks = webhooks }, "[]");

    public static readonly MapShape<HooksSpec> Hooks = new MapShape<HooksSpec>("hooks", new())
        .Key("before", Lists.Of(Hook), "Before the first instance starts.",
            (hooks, before) => hooks with { Before = before }, "[]")
        .Key("after", Lists.Of(Hook),
            "When the new version has all the traffic, before the release settles: one that fails turns it back.",
            (hooks, after) => hooks with { After = after }, "[]");

    sealed record WebhookDraft
    {
        public WebhookMoment At { get; init; }
        public string Url { get; init; } = "";
        public string? Secret { get; init; }
        public TimeSpan? Timeout { get; init; }
        public TimeSpan Every { get; init; } = Defaults.WebhookEvery;

        public WebhookSpec Done() => new(At, Url)
        {
            Secret = Secret,
            Timeout = Timeout ?? (WebhookSpec.Confirms(At) ? Defaults.ApprovalTimeout : Defaults.CheckTimeout),
            Every = Every,
        };
    }

    sealed record Draft
    {
        public CheckSpec? Spec { get; init; }
        public TimeSpan Timeout { get; init; } = Defaults.CheckTimeout;
        public int Expect { get; init; } = 200;
        public Seq<Setting> Header { get; init; } = [];
        public Seq<Setting> Json { get; init; } = [];
        public string? Body { get; init; }
        public TimeSpan? Within { get; init; }
        public string? Secret { get; init; }

        public CheckSpec Done() => Spec switch
        {
            CheckSpec.Http http => http with
            {
                Timeout = Timeout,
                Expect = Expect,
                Header = Header,
                Json = Json,
                Body = Body,
                Within = Within,
            },
            CheckSpec.Load load => load with { Timeout = load.For + Timeout },
            CheckSpec.Webhook hook => hook with { Timeout = Timeout, Secret = Secret },
            _ => Spec! with { Timeout = Timeout },
        };
    }
}

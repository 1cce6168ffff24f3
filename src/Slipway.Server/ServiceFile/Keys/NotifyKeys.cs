using Slipway.Notices;
using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class NotifyKeys
{
    static readonly MapShape<NotifySpec> Notice = new MapShape<NotifySpec>("notify", new(default, ""))
        .Key("slack", Texts.Url, "A Slack incoming webhook.",
            (notice, url) => notice with { Kind = NotifyKind.Slack, Target = url })
        .Key("pagerduty", Texts.Any, "A PagerDuty routing key.",
            (notice, key) => notice with { Kind = NotifyKind.PagerDuty, Target = key })
        .Key("webhook", Texts.Url, "Any address; it gets JSON by POST.",
            (notice, url) => notice with { Kind = NotifyKind.Webhook, Target = url })
        .ExactlyOne("slack", "pagerduty", "webhook")
        .Key("url", Texts.Url,
            "With pagerduty: where it takes events, in Europe https://events.eu.pagerduty.com/v2/enqueue.",
            (notice, url) => notice with { Url = url })
        .Only("pagerduty", "url")
        .Key("secret", Texts.Any, "With webhook: what the message is signed with, best as a reference.",
            (notice, secret) => notice with { Secret = secret })
        .Only("webhook", "secret")
        .Key("on", Lists.OneOrMore(Choices.Of<NotifyOn>()), "What is told; none named means all.",
            (notice, on) => notice with { On = on }, "[]")
        .Key("text", Texts.Any, "The message in your words, with {service}, {version}, {what}, {why} and the like.",
            (notice, text) => notice with { Text = text })
        .Check((notice, places) =>
        {
            if (notice.Text is { } text && Wording.Problem(text) is { } unknown)
                places.Wrong("text", unknown, $"there are {string.Join(' ', Wording.Names)}");
            if (notice.Kind == NotifyKind.Webhook || notice.Target.Contains("${", StringComparison.Ordinal)) return;
            places.Doubtful(notice.Kind == NotifyKind.Slack ? "slack" : "pagerduty",
                "this is a secret, and stands in the open", "put it in the environment and write \"${NAME}\" here");
        });

    public static readonly Shape<Seq<NotifySpec>> Notify = Lists.Of(Notice);
}

using Slipway.Adapters;
using Slipway.Adapters.Sources;
using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

/// <summary>What can be told of a question to another system from its text alone.</summary>
internal static class SourceChecks
{
    static readonly string[] Known = [SourceNames.Prometheus, SourceNames.Http, SourceNames.Command];

    public static void Check(GateDraft gate, Places places)
    {
        var key = gate.From == SourceNames.Http ? "url" : "query";
        if (!Known.Contains(gate.From))
            places.Wrong("from", $"\"{gate.From}\" is no source that is known here",
                Nearest.DidYouMean(gate.From!, Known) is { Length: > 0 } near ? near : string.Join(", ", Known));
        else if (!places.Has(key))
            places.Wrong("from", $"nobody says what {gate.From} is asked", $"add {key}: \"…\"");
        else if (gate.Query is not null && gate.Url is not null)
            places.Wrong("query", "query and url exclude each other", $"{gate.From} goes with {key}");
        else if (gate.Take != Take.Last && gate.From != SourceNames.Prometheus)
            places.Wrong("take", $"{gate.From} knows the last value only", "leave it out");
        else if (gate.Take != Take.Last && gate.Of is not null)
            places.Wrong("take", "events are counted by totals", "leave it out");
        else if (JsonPath.Problem(gate.Path) is { } wrong)
            places.Wrong("path", wrong, "like data.items[0].rate");
        else if (Asked(gate, key, gate.Asked, places) && gate.Of is { } all) Asked(gate, "of", all, places);
    }

    static bool Asked(GateDraft gate, string key, string text, Places places)
    {
        if (Template.Problem(text) is { } unknown)
            places.Wrong(key, unknown, $"there are {string.Join(' ', Template.Names)}");
        else if (Malformed(gate.From!, text) is { } malformed)
            places.Wrong(key, $"this is nothing that {gate.From} could answer: {malformed.What}", malformed.Hint);
        else if ((gate.Compare ?? gate.Of) is not null && !Template.TellsSides(text))
            places.Wrong(key, "both sides would be asked the same", "name the side by {version}, {fleet} or {role}");
        else return true;
        return false;
    }

    static (string What, string Hint)? Malformed(string from, string text) => from switch
    {
        SourceNames.Prometheus => Promql.Problem(text) is { } what ? (what, "") : null,
        SourceNames.Command => CommandLine.Split(text) is { Wrong: { } what } split ? (what, split.Hint ?? "") : null,
        _ => LooksLikeAddress(text) ? null : ("it is not a web address", "like https://example.com/rate"),
    };

    static bool LooksLikeAddress(string url) => url.StartsWith("${", StringComparison.Ordinal)
        || (Uri.TryCreate(Template.Sample(url), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https");
}

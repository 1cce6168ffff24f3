using System.Net;
using System.Text.RegularExpressions;
using Slipway.Routing;
using Slipway.ServiceFile.Shapes;
using Slipway.Specification;
using Condition = Slipway.Routing.Condition;
using Match = Slipway.Routing.Match;

namespace Slipway.ServiceFile.Keys;

/// <summary>
/// Requests that are treated apart: <c>{ header: user-segment, is: [vip], to: candidate, from: 5% }</c>. One
/// condition stands in the rule itself, several stand under <c>all</c>.
/// </summary>
internal static class SegmentKeys
{
    static readonly Shape<Seq<string>> Values = Lists.OneOrMore(Texts.Any);

    static readonly Shape<string> Pattern = new ScalarShape<string>("a regular expression, like ^beta-",
        """{ "type": "string", "format": "regex" }""", text =>
        {
            if (text.Length > Limits.Pattern)
                return new(null, "this pattern is too long", $"at most {Limits.Pattern:N0} characters");
            try
            {
                _ = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
                return new(text);
            }
            catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
            {
                return new(null, "this is not a regular expression",
                    "without look-around and back references, which can take for ever");
            }
        });

    static readonly Shape<string> Network = new ScalarShape<string>("a network, like 10.0.0.0/8",
        """{ "type": "string" }""",
        text => (text.Contains(':') || text.Count(c => c == '.') == 3)
            && (IPNetwork.TryParse(text, out _) || IPAddress.TryParse(text, out _)) ? new(text)
            : new(null, $"\"{text}\" is not a network"));

    static readonly Shape<Draft> Value = new EitherShape<Draft>(
        Values.Select(values => new Draft().Is(values)), Compared(new MapShape<Draft>("comparison", new()))
            .ExactlyOne("is", "prefix", "suffix", "regex", "exists"));

    static readonly MapShape<Draft> OneCondition = Conditions(new MapShape<Draft>("condition", new()));

    static readonly Shape<SegmentRule> Rule = new MapShape<RuleDraft>("rule", new(new()))
        .Key("name", Texts.Any, "What evidence and the dashboard call it.", (rule, name) => rule with { Name = name })
        .Must("to", Choices.Of<Side>(),
            "Where these requests go: to the candidate, to stable, or last: to the candidate only when everybody " +
            "else is there.",
            (rule, side) => rule with { To = side })
        .Key("from", Percentages.Share, "The step, in percent, at which the rule begins.",
            (rule, share) => rule with { From = share }, "0%")
        .Key("all", Lists.Of(OneCondition.Select(draft => draft.Done())), "Several conditions, all of which must hold.",
            (rule, all) => rule with { All = all })
        .Including(OneCondition, rule => rule.One, (rule, one) => rule with { One = one })
        .Check((rule, places) =>
        {
            if (rule.All.Count > 0 == rule.One.Given)
                places.Wrong("all", rule.One.Given ? "a rule has one condition or all, not both"
                    : "this rule has no condition",
                    "like header: user-segment, is: [vip]");
            if (rule.To != Side.Candidate && places.Has("from"))
                places.Wrong("from", "from belongs to rules with to: candidate", "leave it out");
        })
        .Select(rule => rule.Done());

    public static readonly Shape<Seq<SegmentRule>> Rules = Lists.Of(Rule).Check((rules, problems) =>
    {
        foreach (var twice in rules.All.GroupBy(rule => rule.Value.Name).Where(same => same.Count() > 1))
            problems.Add(twice.Last().At, $"two rules are called \"{twice.Key}\"", "give one of them another name");
    });

    static MapShape<Draft> Conditions(MapShape<Draft> map) => Compared(map
            .Key("header", Texts.Any, "Looks at this header.", (draft, name) => draft.At(Subject.Header, name))
            .Key("cookie", Texts.Any, "Looks at this cookie.", (draft, name) => draft.At(Subject.Cookie, name))
            .Key("query", Texts.Any, "Looks at this part of the query.", (draft, name) => draft.At(Subject.Query, name))
            .Key("path", Value, "Compares the path.", (draft, value) => draft.With(Subject.Path, value))
            .Key("method", Value, "Compares the method.", (draft, value) => draft.With(Subject.Method, value))
            .Key("session", Value, "Compares the session.", (draft, value) => draft.With(Subject.Session, value))
            .Key("client", Lists.OneOrMore(Network), "The networks that the client may be in.",
                (draft, networks) =>
                    draft.With(Subject.Client, new() { Comparison = Comparison.InNetwork, Values = networks })))
        .Key("not", Numbers.YesNo, "Turns the condition round.", (draft, not) => draft with { Not = not }, "false")
        .Check((draft, places) =>
        {
            string[] named = ["header", "cookie", "query"], ways = ["is", "prefix", "suffix", "regex", "exists"];
            string[] others = ["path", "method", "session", "client"];
            var subjects = named.Concat(others).Where(places.Has).ToList();
            var given = ways.Where(places.Has).ToList();
            if (subjects.Count > 1)
                places.Wrong(subjects[1], "one condition looks at one thing", "several stand under all: [ … ]");
            else if (given.Count > 1)
                places.Wrong(given[1], $"\"{given[0]}\" and \"{given[1]}\" exclude each other", "keep one of them");
            else if (subjects is [var only] && named.Contains(only) && given.Count == 0)
                places.Wrong(only, $"nothing is said about this {only}", $"add one of {string.Join(", ", ways)}");
            else if (given is [var stray] && !subjects.Any(named.Contains))
                places.Wrong(stray, $"\"{stray}\" needs header, cookie or query beside it",
                    "others are written like path: { prefix: /beta }");
        });

    static MapShape<Draft> Compared(MapShape<Draft> map) => map
        .Key("is", Values, "The values that match, letter for letter.", (draft, values) => draft.Is(values))
        .Key("prefix", Values, "What it begins with.", (draft, values) => draft.By(Comparison.Prefix, values))
        .Key("suffix", Values, "What it ends with.", (draft, values) => draft.By(Comparison.Suffix, values))
        .Key("regex", Pattern, "A regular expression that finds something in it.",
            (draft, text) => draft.By(Comparison.Regex, [text]))
        .Key("exists", new NothingShape(), "It is there, whatever its value.",
            (draft, _) => draft.By(Comparison.Exists, []));

    /// <summary>What it looks at and how it compares may come in any order.</summary>
    sealed record Draft
    {
        public Subject? Subject { get; init; }
        public string Name { get; init; } = "";
        public Comparison Comparison { get; init; }
        public Seq<string> Values { get; init; } = [];
        public bool Not { get; init; }

        public bool Given => Subject is not null;
        public Draft At(Subject subject, string name) => this with { Subject = subject, Name = name };
        public Draft By(Comparison comparison, Seq<string> values) =>
            this with { Comparison = comparison, Values = values };
        public Draft Is(Seq<string> values) => By(values.Count == 1 ? Comparison.Equal : Comparison.In, values);
        public Draft With(Subject subject, Draft value) => At(subject, "").By(value.Comparison, value.Values);
        public Condition Done() => new(Subject ?? default, Name, Comparison, Values, Not);
    }

    sealed record RuleDraft(Draft One)
    {
        public string? Name { get; init; }
        public Side To { get; init; }
        public Share From { get; init; }
        public Seq<Condition> All { get; init; } = [];

        public SegmentRule Done()
        {
            Seq<Condition> all = All.Count > 0 ? All : [One.Done()];
            return new(Name ?? string.Join(" and ", all.Select(Called)), new Match(all), To, From);
        }

        static string Called(Condition condition)
        {
            var values = string.Join(" or ", condition.Values);
            return $"{(condition.Not ? "not " : "")}{condition.Subject.ToString().ToLowerInvariant()} " +
                $"{condition.Name} {values}".Replace("  ", " ").Trim();
        }
    }
}

using System.Text.RegularExpressions;

namespace Slipway.Tidy.Rules;

/// <summary>The members of the types in a file, by counting braces: exact enough to measure them.</summary>
static partial class Members
{
    public sealed record Member(string Header, int Line, int Lines)
    {
        public bool IsMethod => MethodHeader().IsMatch(Header);
        public string Name => MethodHeader().Match(Header).Groups["name"].Value;
    }

    public static IEnumerable<Member> Of(string text) => Inside(Blank.Of(text), 0).Members;

    /// <summary>Everything up to the brace that closes this body. The bodies of types are looked into.</summary>
    static (List<Member> Members, int End) Inside(string code, int at)
    {
        var members = new List<Member>();
        while (true)
        {
            while (at < code.Length && char.IsWhiteSpace(code[at])) at++;
            if (at >= code.Length || code[at] == '}') return (members, at);

            var (start, body) = (at, BodyOf(code, at));
            var header = code[start..body];
            if (body < code.Length && code[body] == '{' && TypeHeader().IsMatch(header))
            {
                var (inner, end) = Inside(code, body + 1);
                members.AddRange(inner);
                at = end + 1;
                continue;
            }

            at = EndOf(code, body);
            members.Add(new(header.Trim(), LineAt(code, start), LineAt(code, at) - LineAt(code, start) + 1));
            at++;
        }
    }

    /// <summary>Where a member's header ends: at a body, an arrow, a value or a semicolon.</summary>
    static int BodyOf(string code, int at)
    {
        for (var depth = 0; at < code.Length; at++)
        {
            if (code[at] is '(' or '[') depth++;
            if (code[at] is ')' or ']') depth--;
            if (depth == 0 && code[at] is '{' or ';' or '=') return at;
        }

        return at;
    }

    /// <summary>The last character of a member: the closing brace, or the semicolon behind a value.</summary>
    static int EndOf(string code, int at)
    {
        var isValue = at < code.Length && code[at] == '=';
        for (var depth = 0; at < code.Length; at++)
        {
            if (code[at] is '{' or '(' or '[') depth++;
            if (code[at] is '}' or ')' or ']') depth--;
            if (depth > 0) continue;
            if (code[at] == ';') return at;
            if (code[at] == '=') isValue = true;
            if (code[at] == '}' && !isValue && !code.AsSpan(at + 1).TrimStart().StartsWith("=")) return at;
        }

        return code.Length - 1;
    }

    static int LineAt(string code, int at) => 1 + code.AsSpan(0, Math.Min(at, code.Length)).Count('\n');

    [GeneratedRegex(@"\b(namespace|class|struct|interface|record|enum)\b")]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"^(\[[^\]]*\]\s*)*[^(]*?(\([^()]*\)[^(]*?)??(?<name>\w+)(<[\w, ]+>)?\(")]
    private static partial Regex MethodHeader();
}

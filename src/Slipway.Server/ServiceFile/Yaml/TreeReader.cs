using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.ServiceFile.Yaml;

/// <summary>Reads text into a tree, or says in our words why it is not YAML.</summary>
internal sealed class TreeReader(IReadOnlyList<string> lines, Problems problems)
{
    int values;

    public Node? Read()
    {
        if (lines.Sum(line => (long)line.Length + 1) > Limits.Characters)
            return Fail(At.Start, $"the file is larger than {Limits.Characters / 1024 / 1024} MiB");
        if (IndentingTab() is { } tab)
            return Fail(tab, "a tab can't indent YAML", "use spaces here");
        try
        {
            return Document(new Parser(new StringReader(string.Join('\n', lines))));
        }
        catch (Refused refused)
        {
            return Fail(refused.At, refused.Message, refused.Hint);
        }
        catch (YamlException fault)
        {
            return Fail(Where(fault.Start, fault.End), YamlFault.InPlainWords(fault, lines),
                YamlFault.Hint(fault, lines));
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            // What YamlDotNet 16.3 throws for a flow that never ends, like "a: { b: 1" before another key.
            return Fail(YamlFault.LastOpenBracket(lines), "this bracket is never closed",
                "close it, or quote it as text");
        }
    }

    Node? Document(Parser parser)
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
            return Fail(At.Start, "the file is empty", "it needs service: and runtime:");
        var root = Next(parser, 0, null);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
            problems.Add(Where(second.Start, second.End), "one service per file", "a second document starts here");
        return root;
    }

    Node Next(Parser parser, int depth, Node.Text? owner)
    {
        var current = parser.Current ?? throw new InvalidOperationException("The text ends in the middle.");
        var at = Where(current.Start, current.End);
        if (depth > Limits.Depth) throw new Refused(at, $"nested deeper than {Limits.Depth} levels");
        if (++values > Limits.Values) throw new Refused(at, $"more than {Limits.Values:N0} values");
        if (current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            throw new Refused(at, "anchors and aliases (& and *) are not supported",
                "write it out, or put it in quotes if it is text");
        if (current is NodeEvent { Tag.IsEmpty: false })
            throw new Refused(at, "tags (!) are not supported", "leave it out, or put it in quotes if it is text");
        parser.MoveNext();
        return current switch
        {
            Scalar { Value: "", Style: ScalarStyle.Plain } => Node.Nothing(owner?.At ?? at),
            Scalar text => new Node.Text(at, text.Value, text.Style != ScalarStyle.Plain),
            SequenceStart => List(parser, depth, owner?.At ?? at),
            MappingStart => Map(parser, depth, at, owner),
            _ => throw new Refused(at, "this is not valid YAML"),
        };
    }

    Node.List List(Parser parser, int depth, At at)
    {
        var items = new List<Node>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Next(parser, depth + 1, null));
        return new(at, items);
    }

    Node.Map Map(Parser parser, int depth, At at, Node.Text? owner)
    {
        var entries = new List<Entry>();
        var seen = new Dictionary<string, At>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var name = Next(parser, depth + 1, null);
            if (name is not Node.Text key)
                throw new Refused(name.At, "a key must be plain text", "put text that starts with { or [ in quotes");
            var value = Next(parser, depth + 1, key);
            if (seen.TryAdd(key.Value, key.At)) entries.Add(new(key, value));
            else problems.Add(key.At, $"\"{key.Value}\" is given twice", $"first on line {seen[key.Value].Line}");
        }
        return new(owner?.At ?? (entries.Count > 0 ? entries[0].Key.At : at), entries, owner?.Value);
    }

    /// <summary>YamlDotNet reports a tab at line 1, column 1: look for it first.</summary>
    At? IndentingTab()
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var indent = lines[i].Length - lines[i].TrimStart(' ').Length;
            if (indent < lines[i].Length && lines[i][indent] == '\t' && lines[i].Trim().Length > 0)
                return new(i + 1, indent + 1, 1);
        }
        return null;
    }

    Node? Fail(At at, string message, string hint = "")
    {
        problems.Add(at, message, hint);
        return null;
    }

    static At Where(Mark start, Mark end) => new(
        (int)start.Line, (int)start.Column, start.Line == end.Line ? (int)Math.Max(1, end.Column - start.Column) : 1);

    /// <summary>Ends the reading at once: what follows could not be trusted.</summary>
    sealed class Refused(At at, string message, string hint = "") : Exception(message)
    {
        public At At => at;
        public string Hint => hint;
    }
}

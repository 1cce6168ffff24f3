using System.CommandLine;
using System.CommandLine.Invocation;

namespace Slipway;

/// <summary>Examples first: they are what people look for.</summary>
internal sealed class Help(Desk desk) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult) => Print(parseResult.CommandResult.Command, desk);

    public static int Print(Command command, Desk desk)
    {
        foreach (var line in Lines(command)) desk.Out.WriteLine(line);
        return ExitCode.Done;
    }

    static IEnumerable<string> Lines(Command command)
    {
        yield return command.Description ?? command.Name;
        yield return "";
        if (command is Verb { Examples: { Count: > 0 } examples })
        {
            foreach (var example in examples) yield return $"  {example}";
            yield return "";
        }
        yield return $"Usage: {Usage(command)}";
        foreach (var line in Table("Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description)))) yield return line;
        foreach (var line in Table("Arguments", command.Arguments.Where(a => !a.Hidden).Select(a => (Shown(a), a.Description)))) yield return line;
        foreach (var line in Table("Options", OptionsOf(command).Where(o => !o.Hidden).Select(o => (Shown(o), o.Description)))) yield return line;
    }

    static IEnumerable<string> Table(string title, IEnumerable<(string Name, string? Says)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0) yield break;
        yield return "";
        yield return $"{title}:";
        var width = all.Max(row => row.Name.Length);
        foreach (var (name, says) in all) yield return $"  {name.PadRight(width)}  {says}".TrimEnd();
    }

    static string Usage(Command command)
    {
        var words = CommandLine.Path(command).ToList();
        if (command.Subcommands.Count > 0) words.Add("COMMAND");
        words.AddRange(command.Arguments.Where(a => !a.Hidden).Select(Shown));
        words.Add("[options]");
        return string.Join(' ', words);
    }

    static string Shown(Argument argument) =>
        argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.HelpName}]" : argument.HelpName ?? argument.Name;

    static string Shown(Option option)
    {
        var names = option.Aliases.Where(alias => alias is ['-', not '-']).Append(option.Name);
        return string.Join(", ", names) + (option.HelpName is { } value ? $" {value}" : "");
    }

    static IEnumerable<Option> OptionsOf(Command command) => command.Options
        .Concat(command.Parents.OfType<Command>().SelectMany(parent => OptionsOf(parent).Where(option => option.Recursive)))
        .Distinct();
}

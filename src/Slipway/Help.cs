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
        foreach (var line in Table("Commands", command.Subcommands, each => each.Name)) yield return line;
        foreach (var line in Table("Arguments", command.Arguments, Shown)) yield return line;
        foreach (var line in Table("Options", OptionsOf(command), Shown)) yield return line;
    }

    static IEnumerable<string> Table<T>(string title, IEnumerable<T> rows, Func<T, string> shown) where T : Symbol
    {
        var all = rows.Where(row => !row.Hidden).Select(row => (Name: shown(row), Says: row.Description)).ToList();
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
        .Concat(command.Parents.OfType<Command>()
            .SelectMany(parent => OptionsOf(parent).Where(option => option.Recursive)))
        .Distinct();
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Slipway.ServiceFile;

namespace Slipway;

/// <summary>
/// What System.CommandLine 3.0.0 does not bring: it takes an unknown option for the value of an argument, says four
/// things about one typo, and opens files named after an @.
/// </summary>
internal static class CommandLine
{
    const string UnknownOption = "unknown option ";

    public static int Run(RootCommand root, string[] args, Desk desk)
    {
        foreach (var command in All(root)) Guard(command, args, desk);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new Help(desk);
            foreach (var foreign in (string[])["-?", "/?", "/h"]) help.Aliases.Remove(foreign);
        }

        foreach (var own in root.Options.OfType<VersionOption>().ToList()) root.Options.Remove(own);
        if (SwitchWithValue(root, args) is { } wrong) return Wrong(wrong, root, desk);
        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0 && parse.Action is not Help)
            return Wrong(OneSentence(parse), parse.CommandResult.Command, desk);
        return parse.InvokeAsync(new()
        {
            Output = desk.Out,
            Error = desk.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = (parse.CommandResult.Command as Verb)?.EndsWithin ?? TimeSpan.FromSeconds(2),
        }).GetAwaiter().GetResult();
    }

    static void Guard(Command command, string[] args, Desk desk)
    {
        foreach (var argument in command.Arguments)
        {
            argument.HelpName ??= argument.Name;
            argument.Validators.Add(result =>
            {
                if (args.Contains("--")) return;
                foreach (var token in result.Tokens.Where(token => token.Value is ['-', _, ..]))
                    result.AddError($"{UnknownOption}{token.Value}{DidYouMean(token.Value, OptionsOf(command))}");
            });
        }
        if (command.Subcommands.Count > 0 && command.Action is null)
            command.SetAction(parse => Help.Print(parse.CommandResult.Command, desk));
    }

    /// <summary>"--detach=maybe shop" would deploy a service called "maybe".</summary>
    static string? SwitchWithValue(RootCommand root, string[] args) => All(root)
        .SelectMany(command => command.Options).OfType<Option<bool>>()
        .SelectMany(option => args.TakeWhile(arg => arg != "--")
            .Where(arg => arg.StartsWith(option.Name + "=", StringComparison.Ordinal)
                && arg[(option.Name.Length + 1)..] is not ("true" or "false"))
            .Select(arg => $"{option.Name} is a switch and takes no value: {arg}"))
        .FirstOrDefault();

    static string OneSentence(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        if (parse.Errors.FirstOrDefault(e =>
            e.Message.StartsWith(UnknownOption, StringComparison.Ordinal)) is { } swallowed)
            return swallowed.Message;
        if (parse.UnmatchedTokens is [var word, ..])
            return word.StartsWith('-') ? $"{UnknownOption}{word}{DidYouMean(word, OptionsOf(command))}"
                : command.Subcommands.Count > 0
                    ? $"there is no command \"{word}\"{DidYouMean(word, command.Subcommands.Select(c => c.Name))}"
                : $"\"{word}\" is one word too many";
        if (command.Options.FirstOrDefault(option => option.Required && IsLeftOut(parse, option)) is { } missing)
            return $"{missing.Name} {missing.HelpName} is missing";
        if (parse.Errors[0].SymbolResult is OptionResult { Tokens.Count: 0, Option: var empty })
            return $"{empty.Name} needs a value: {empty.Name} {empty.HelpName}";
        if (parse.Errors[0].SymbolResult is ArgumentResult { Tokens.Count: 0, Argument: var left })
            return $"{left.HelpName} is missing";
        var message = parse.Errors[0].Message.TrimEnd('.');
        return char.ToLowerInvariant(message[0]) + message[1..];
    }

    static bool IsLeftOut(ParseResult parse, Option option) => parse.GetResult(option) is null or { Implicit: true };

    static int Wrong(string what, Command command, Desk desk) =>
        desk.Refuse(what, $"See: {string.Join(' ', Path(command))} --help");

    static string DidYouMean(string word, IEnumerable<string> known) =>
        Nearest.To(word, known) is { } near ? $", did you mean {near}?" : "";

    static IEnumerable<string> OptionsOf(Command command) => command.Options
        .Concat(command.Parents.OfType<Command>()
            .SelectMany(parent => parent.Options.Where(option => option.Recursive)))
        .Select(option => option.Name);

    public static IEnumerable<string> Path(Command command) => command is RootCommand
        ? ["slipway"]
        : command.Parents.OfType<Command>().SelectMany(Path).Append(command.Name);

    static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);
}

using System.CommandLine;
using System.Globalization;
using Slipway.ServiceFile;

namespace Slipway;

/// <summary>A command as this program has them: with examples, which its help begins with.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string says, params string[] examples) : base(name, says) => Examples = examples;

    public IReadOnlyList<string> Examples { get; }

    /// <summary>
    /// How long it may take to end once it is asked to; infinite where it sees to that itself.
    /// </summary>
    public TimeSpan EndsWithin { get; private set; } = TimeSpan.FromSeconds(2);

    public Verb EndingWithin(TimeSpan time)
    {
        EndsWithin = time;
        return this;
    }

    public Verb Does(Desk desk, Func<ParseResult, Desk, int> action)
    {
        SetAction(parse => action(parse, Coloured(desk, parse)));
        return this;
    }

    public Verb Does(Desk desk, Func<ParseResult, Desk, CancellationToken, Task<int>> action)
    {
        SetAction((parse, cancel) => action(parse, Coloured(desk, parse), cancel));
        return this;
    }

    static Desk Coloured(Desk desk, ParseResult parse) =>
        desk with { Terminal = Terminal.Detect(desk.Around, parse.GetValue(SharedOptions.Colour)) };
}

/// <summary>Options that mean the same wherever they stand.</summary>
internal static class SharedOptions
{
    public static readonly Option<string> Colour = new Option<string>("--color")
    {
        Description = "Colours: auto, always or never",
        HelpName = "WHEN",
        Recursive = true,
    }.Among("auto", "always", "never");

    public static Option<string> Output() => new Option<string>("--output", "-o")
    {
        Description = "What to print: text or json",
        HelpName = "FORMAT",
    }.Among("text", "json");

    /// <summary>Asked before anything is done: a word that is wrong changes nothing.</summary>
    public static Option<string> ATime(this Option<string> option) => option.That(
        word => Times.TryParse(word, out var time) && time > TimeSpan.Zero, "a time, like 30s, 10m or 1h30m");

    public static Option<string> AMoment(this Option<string> option) =>
        option.That(word => MomentOf(word) is not null, "a point in time, like 2026-03-01T13:00:00Z");

    public static Option<string> ACount(this Option<string> option) =>
        option.That(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            "a whole number, like 20");

    public static DateTimeOffset? MomentOf(string? word) => DateTimeOffset.TryParse(
        word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    static Option<string> That(this Option<string> option, Func<string, bool> isRight, string what)
    {
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !isRight(token.Value)))
                result.AddError($"{option.Name} is {what}, not \"{token.Value}\"");
        });
        return option;
    }

    /// <summary>One of these words, and a sentence that names them where it is another.</summary>
    public static Option<string> Among(this Option<string> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !words.Contains(token.Value)))
                result.AddError($"{option.Name} is one of {string.Join(", ", words)}, not \"{token.Value}\"");
        });
        return option;
    }
}

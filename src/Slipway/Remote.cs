using System.CommandLine;
using Slipway.Client;
using Slipway.Screens;

namespace Slipway;

/// <summary>Commands that ask the control plane: where it is, which service is meant, and how its no is told.</summary>
internal static class Remote
{
    public static readonly Option<string> Url = new("--url")
    {
        Description = "The control plane; otherwise SLIPWAY_URL, or http://127.0.0.1:7400",
        HelpName = "URL",
    };

    public static readonly Option<string[]> Role = new("--role")
    {
        Description = "What you are, where an approval is for some: once for each; otherwise SLIPWAY_ROLES",
        HelpName = "NAME",
    };

    public static Argument<string> Service() => new("service")
    {
        Description = "The service; may be left out when there is one",
        HelpName = "SERVICE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>A command that asks: with --url, and with every way of not getting an answer told.</summary>
    public static Verb Asks(
        this Verb verb, Desk desk, Func<ParseResult, Desk, SlipwayClient, CancellationToken, Task<int>> action)
    {
        verb.Add(Url);
        return verb.Does(desk, (parse, desk, cancel) => Ask(parse, desk, action, cancel));
    }

    static async Task<int> Ask(
        ParseResult parse, Desk desk, Func<ParseResult, Desk, SlipwayClient, CancellationToken, Task<int>> action,
        CancellationToken cancel)
    {
        var around = desk.Around.Variable("SLIPWAY_URL") is { Length: > 0 } variable ? variable : null;
        var said = parse.GetValue(Url) ?? around ?? "http://127.0.0.1:7400";
        if (!Uri.TryCreate(said, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return desk.Refuse($"\"{said}\" is no address of a control plane", "Write it like http://127.0.0.1:7400");
        var token = Token.Of(desk);
        if (token.Problem is { } secret) return desk.Refuse(secret, Token.Advice);
        using var client = desk.Connect(url, token.Value).As(desk.Around.Who, Roles(parse, desk));
        try
        {
            return await action(parse, desk, client, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            desk.Refuse("interrupted before there was an answer", "See what has become of it: slipway status");
            return ExitCode.StillRunning;
        }
        catch (RefusedException e)
        {
            return Refused(desk, e.Problem);
        }
        catch (NoAnswerException e)
        {
            desk.Refuse(e.Message,
                "Is it running? To start it: slipway up",
                "If it runs elsewhere: --url http://HOST:7400 or SLIPWAY_URL",
                "Your service may well be serving: the gateway goes on without it.");
            return ExitCode.NoAnswer;
        }
    }

    static string[] Roles(ParseResult parse, Desk desk) => parse.GetValue(Role) is { Length: > 0 } said
        ? said
        : [desk.Around.Variable("SLIPWAY_ROLES") ?? ""];

    /// <summary>Again and again until there is no more, or somebody has seen enough.</summary>
    public static async Task<int> UntilEnough(Func<Task<bool>> show, CancellationToken cancel)
    {
        try
        {
            while (await show()) cancel.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // That is how it ends.
        }

        return ExitCode.Done;
    }

    static int Refused(Desk desk, ApiProblem problem)
    {
        foreach (var line in problem.Problems ?? [])
            desk.Error.WriteLine(Foreign.Line($"{line.File}:{line.Line}:{line.Column}: {line.Severity}: {line.Message}"
                + (line.Hint is { } hint ? $" ({hint})" : "")));
        desk.Refuse(problem.Title, problem.Advice is { } advice ? [advice] : []);
        return problem.Status is 409 or >= 500 ? ExitCode.Failed : ExitCode.Usage;
    }

    /// <summary>The service that was named, or the only one there is.</summary>
    public static async Task<string?> ServiceOf(
        string? named, SlipwayClient client, Desk desk, CancellationToken cancel)
    {
        if (named is not null) return named;
        var all = await client.Services(cancel);
        if (all is [var only]) return only.Name;
        if (all.Count == 0) desk.Refuse("there is no service yet", "To add one: slipway up slipway.yaml");
        else desk.Refuse("there is more than one service", $"Name one of {string.Join(", ", all.Select(s => s.Name))}");
        return null;
    }
}

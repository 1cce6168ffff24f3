using System.CommandLine;
using Slipway.Client;

namespace Slipway.Commands;

/// <summary>What can be said to a release under way, and to a service that has had some: a post each.</summary>
internal static class ReleaseCommands
{
    internal static readonly Option<string> Why = new("--why")
    {
        Description = "Why: shown in the history",
        HelpName = "TEXT",
    };

    public static Command Promote(Desk desk)
    {
        var full = new Option<bool>("--full") { Description = "Skip all waiting, not just the wait under way" };
        return Post(desk, new Verb("promote", "End the wait under way; approvals are asked all the same",
            "slipway promote shop", "slipway promote shop --full") { full },
            parse => new() { Full = parse.GetValue(full) }, "goes on");
    }

    public static Command Pause(Desk desk) => Post(desk,
        new Verb("pause", "Stop where the release is; its gates go on watching", "slipway pause shop"),
        _ => new(), "is paused");

    public static Command Resume(Desk desk) => Post(desk,
        new Verb("resume", "Let a paused release go on", "slipway resume shop"), _ => new(), "goes on");

    public static Command Hold(Desk desk)
    {
        var at = new Option<string>("--at") { HelpName = "SHARE", Required = true };
        at.Description = "What the new version keeps of the traffic, like 10%";
        return Post(desk, new Verb("hold", "Lower the new version's share and stay there", "slipway hold shop --at 10%")
            { at }, parse => new() { At = parse.GetValue(at) }, "is held");
    }

    public static Command Abort(Desk desk)
    {
        var now = new Option<bool>("--now") { Description = "Do not wait for requests under way" };
        return Follow(desk, new Verb("abort", "Stop a release and go back to where it began", "slipway abort shop")
            { now }, parse => new() { Now = parse.GetValue(now) }, isWanted: _ => true);
    }

    public static Command Undo(Desk desk)
    {
        var to = new Option<string>("--to") { HelpName = "VERSION" };
        to.Description = "A version, or the number of the release that brought it; the one before when not given";
        return Follow(desk, new Verb("undo", "Go back to the version before, at once while it is warm",
            "slipway undo shop", "slipway undo shop --to 1.3.9") { to }, parse => new() { To = parse.GetValue(to) },
            // While a release runs it is that one which goes back.
            isWanted: release => release.Kind != "undo");
    }

    public static Command Restart(Desk desk) => Follow(desk,
        new Verb("restart", "Start the same version anew, instance by instance", "slipway restart shop"), _ => new());

    public static Command Reject(Desk desk) => Post(desk,
        new Verb("reject", "Say no to a release that asks: it goes back", "slipway reject shop --why \"not today\"")
        { Why, Remote.Role }, parse => new() { Why = parse.GetValue(Why) }, "is rejected");

    public static Command Remove(Desk desk)
    {
        var (service, following) = (Remote.Service(), new FollowOptions());
        return following.On(new Verb("remove", "Stop a service and forget it", "slipway remove shop") { service })
            .Asks(desk, async (parse, desk, client, cancel) =>
            {
                var name = await Remote.ServiceOf(parse.GetValue(service), client, desk, cancel);
                if (name is null) return ExitCode.Usage;
                var reply = await client.Remove(name, cancel);
                return await following.After(reply, null, parse, desk, client, cancel);
            });
    }

    /// <summary>Done when the control plane has journalled it.</summary>
    static Verb Post(Desk desk, Verb verb, Func<ParseResult, CommandRequest> ask, string done)
    {
        var service = Remote.Service();
        verb.Add(service);
        return verb.Asks(desk, async (parse, desk, client, cancel) =>
        {
            var name = await Remote.ServiceOf(parse.GetValue(service), client, desk, cancel);
            if (name is null) return ExitCode.Usage;
            var reply = await client.Command(name, verb.Name, ask(parse), $"{Guid.NewGuid():N}", cancel);
            desk.Out.WriteLine(reply.Release is { } number ? $"Release {number} of {name} {done}." : $"{reply.Text}.");
            return ExitCode.Done;
        });
    }

    /// <summary>Done when the release that it begins, or ends, is over.</summary>
    /// <param name="isWanted">A release that ends turned back is what was asked for.</param>
    static Verb Follow(
        Desk desk, Verb verb, Func<ParseResult, CommandRequest> ask, Func<ReleaseReport, bool>? isWanted = null)
    {
        var (service, following) = (Remote.Service(), new FollowOptions());
        verb.Add(service);
        return following.On(verb).Asks(desk, async (parse, desk, client, cancel) =>
        {
            var name = await Remote.ServiceOf(parse.GetValue(service), client, desk, cancel);
            if (name is null) return ExitCode.Usage;
            var reply = await client.Command(name, verb.Name, ask(parse), $"{Guid.NewGuid():N}", cancel);
            return await following.After(reply, null, parse, desk, client, cancel, isWanted);
        });
    }
}

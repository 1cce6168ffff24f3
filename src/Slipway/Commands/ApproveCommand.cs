using System.CommandLine;
using Slipway.Client;
using Slipway.Screens;

namespace Slipway.Commands;

/// <summary>Says yes to a release that asks, or makes a link by which somebody else may.</summary>
internal static class ApproveCommand
{
    public static Command Create(Desk desk)
    {
        var service = Remote.Service();
        var link = new Option<bool>("--link")
        {
            Description = "Do not answer: print a link that answers once, for somebody else",
        };
        var who = new Option<string>("--for") { HelpName = "NAME" };
        who.Description = "With --link: whom it is for, which stands in the history then";
        return new Verb("approve", "Say yes to a release that asks", "slipway approve shop --why \"looks good\"",
            "slipway approve shop --role release-managers", "slipway approve shop --link --for ann")
            { ReleaseCommands.Why, Remote.Role, link, who, service }
            .Asks(desk, async (parse, desk, client, cancel) =>
            {
                if (parse.GetValue(who) is not null && !parse.GetValue(link))
                    return desk.Refuse("--for belongs to --link", "An answer of your own is kept with your own name.");
                var name = await Remote.ServiceOf(parse.GetValue(service), client, desk, cancel);
                if (name is null) return ExitCode.Usage;
                if (parse.GetValue(link))
                {
                    var made = await client.ApprovalLink(name, parse.GetValue(who), cancel);
                    desk.Out.WriteLine(made.Url);
                    desk.Error.WriteLine("Whoever opens it may answer, once, " + (made.Ends is { } ends
                        ? $"until {Clocks.When(ends, desk.Clock.GetUtcNow(), desk.Terminal.Zone)}."
                        : "for as long as the release is paused, and the whole time from when it goes on."));
                    return ExitCode.Done;
                }

                var asked = new CommandRequest { Why = parse.GetValue(ReleaseCommands.Why) };
                var reply = await client.Command(name, "approve", asked, $"{Guid.NewGuid():N}", cancel);
                desk.Out.WriteLine(
                    reply.Release is { } number ? $"Release {number} of {name} is approved." : $"{reply.Text}.");
                return ExitCode.Done;
            });
    }
}

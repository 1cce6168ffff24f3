using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Slipway.Client;

namespace Slipway.Commands;

/// <summary>Brings a version to the users, and stays until it is there or back.</summary>
internal static class DeployCommand
{
    public static Command Create(Desk desk)
    {
        var words = new Argument<string[]>("version")
        {
            Description = "The service and the version; the service may be left out when there is one",
            HelpName = "[SERVICE] VERSION",
            Arity = new ArgumentArity(1, 2),
        };
        var cause = new Option<string>("--cause") { Description = "Why: shown in the history", HelpName = "TEXT" };
        var commit = new Option<string>("--commit") { Description = "The commit that it was built from" };
        commit.HelpName = "ID";
        var time = new Option<string>("--commit-time")
        {
            Description = "When that was made, like 2026-11-20T10:00:00Z",
            HelpName = "TIME",
        }
            .AMoment();
        var supersede = new Option<bool>("--supersede") { Description = "A running release turns back for this one" };
        var queue = new Option<bool>("--queue") { Description = "Wait for a running release to end" };
        var emergency = new Option<string>("--emergency")
        {
            Description = "Why it does not wait for a change window or the circuit breaker: kept in the history",
            HelpName = "WHY",
        };
        var blind = new Option<bool>("--blind")
        {
            Description = "Although a source that gates ask is silent; the release stays undecided without it",
        };
        var following = new FollowOptions();
        var verb = following.On(new Verb("deploy", "Bring a version to your users, step by step",
            "slipway deploy 1.4.2", "slipway deploy shop 1.4.2 --cause \"discount codes\" --detach")
            { words, cause, commit, time, supersede, queue, blind, emergency });
        verb.Validators.Add(said =>
        {
            if (said.GetValue(supersede) && said.GetValue(queue))
                said.AddError("--supersede and --queue exclude each other: leave one of them out");
        });
        return verb.Asks(desk, async (parse, desk, client, cancel) =>
            {
                var said = parse.GetValue(words)!;
                var name = await Remote.ServiceOf(said.Length == 2 ? said[0] : null, client, desk, cancel);
                if (name is null) return ExitCode.Usage;
                var reply = await client.Deploy(name, new(said[^1])
                {
                    Cause = parse.GetValue(cause),
                    Commit = parse.GetValue(commit),
                    CommitTime = SharedOptions.MomentOf(parse.GetValue(time)),
                    Emergency = parse.GetValue(emergency),
                    OnNewer = parse.GetValue(supersede) ? "supersede" : parse.GetValue(queue) ? "queue" : null,
                    Blind = parse.GetValue(blind),
                }, $"{Guid.NewGuid():N}", cancel);
                return await following.After(reply, said[^1], parse, desk, client, cancel);
            });
    }
}

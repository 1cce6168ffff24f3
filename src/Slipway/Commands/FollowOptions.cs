using System.CommandLine;
using Slipway.Client;
using Slipway.ServiceFile;

namespace Slipway.Commands;

/// <summary>Commands that begin a release stay with it, unless told otherwise.</summary>
internal sealed class FollowOptions
{
    readonly Option<bool> _detach = new("--detach", "-d") { Description = "Return at once, and leave it running" };
    readonly Option<string> _timeout = new Option<string>("--timeout")
    {
        Description = "Leave it running after this time, with exit code 4",
        HelpName = "TIME",
    }.ATime();

    public Verb On(Verb verb)
    {
        verb.Add(_detach);
        verb.Add(_timeout);
        return verb;
    }

    /// <param name="to">The version that was asked for: it may have to wait for another release to end.</param>
    /// <param name="isWanted">What was asked for although the release was taken back.</param>
    public async Task<int> After(
        CommandReply reply, string? to, ParseResult parse, Desk desk, SlipwayClient client, CancellationToken cancel,
        Func<ReleaseReport, bool>? isWanted = null)
    {
        if (reply.Release is not { } number)
        {
            desk.Out.WriteLine($"{reply.Text}.");
            return ExitCode.Done;
        }

        if (parse.GetValue(_detach))
        {
            desk.Out.WriteLine($"{reply.Text}. To watch it: slipway status {reply.Service} --watch");
            return ExitCode.Done;
        }

        var following = new Following(client, desk)
        {
            Until = parse.GetValue(_timeout) is { } said && Times.TryParse(said, out var limit)
                ? desk.Clock.GetUtcNow() + limit
                : null,
            IsWanted = isWanted ?? (_ => false),
        };
        var id = $"{reply.Service}-{number}";
        return to is null
            ? await following.Follow(id, cancel)
            : await following.FollowTo(reply.Service, to, id, cancel);
    }
}

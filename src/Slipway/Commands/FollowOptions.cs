using System.CommandLine;
using Slipway.Client;

namespace Slipway.Commands;

/// <summary>Commands that begin a release stay with it, unless told otherwise.</summary>
internal sealed class FollowOptions
{
    readonly Option<bool> _detach = new("--detach", "-d") { Description = "Return at once, and leave it running" };
    readonly Option<string> _timeout = new("--timeout")
    {
        Description = "Leave it running after this time, with exit code 4",
        HelpName = "TIME",
    };

    public Verb On(Verb verb)
    {
        verb.Add(_detach);
        verb.Add(_timeout);
        return verb;
    }

    /// <param name="to">The version that was asked for: it may have to wait for another release to end.</param>
    public async Task<int> After(
        CommandReply reply, string? to, ParseResult parse, Desk desk, SlipwayClient client, CancellationToken cancel)
    {
        TimeSpan? limit = null;
        if (parse.GetValue(_timeout) is { } said)
        {
            if (!ServiceFile.Times.TryParse(said, out var time))
                return desk.Refuse($"\"{said}\" is no time", "Write it like 30s, 10m or 1h30m.");
            limit = time;
        }

        if (reply.Release is not { } number)
        {
            desk.Out.WriteLine($"{reply.Text}.");
            return ExitCode.Done;
        }

        var id = $"{reply.Service}-{number}";
        if (parse.GetValue(_detach))
        {
            desk.Out.WriteLine($"{reply.Text}. To watch it: slipway status {reply.Service} --watch");
            return ExitCode.Done;
        }

        var following = new Following(client, desk);
        var service = await client.Service(reply.Service, cancel);
        if (to is not null && service.Next == to && service.Release is { } running && running.To != to)
        {
            desk.Out.WriteLine($"{to} waits for release {running.Number} to end.");
            while ((service = await client.Service(reply.Service, cancel)).Next == to)
                await Task.Delay(TimeSpan.FromMilliseconds(300), desk.Clock, cancel);
            if (service.Release is not { } next || next.To != to)
                return desk.Refuse($"{to} was not released", $"See: slipway history {reply.Service}");
            id = next.Id;
        }

        return await following.Follow(id, limit, cancel);
    }
}

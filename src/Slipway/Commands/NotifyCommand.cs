using System.CommandLine;
using Slipway.Screens;

namespace Slipway.Commands;

/// <summary>Whether those who are to be told of a service can be.</summary>
internal static class NotifyCommand
{
    public static Command Create(Desk desk)
    {
        var service = Remote.Service();
        var notify = new Verb("notify", "See whether those who are told of a service can be", "slipway notify test");
        notify.Add(new Verb("test", "Send a trial to everybody who is told of a service",
            "slipway notify test", "slipway notify test shop") { service }
            .Asks(desk, async (parse, desk, client, cancel) =>
            {
                var name = await Remote.ServiceOf(parse.GetValue(service), client, desk, cancel);
                if (name is null) return ExitCode.Usage;
                var trials = await client.TestNotices(name, cancel);
                foreach (var trial in trials)
                    desk.Out.WriteLine(trial.Taken
                        ? $"{Glyphs.Done(desk.Terminal)} {trial.Target} took it"
                        : $"{desk.Terminal.Bad(Glyphs.Bad(desk.Terminal))} {trial.Target}: {trial.Why}");
                return trials.All(trial => trial.Taken) ? ExitCode.Done : ExitCode.Failed;
            }));
        return notify;
    }
}

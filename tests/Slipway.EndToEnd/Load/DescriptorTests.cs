using Slipway.Machines.Load;
using Slipway.Routing;

namespace Slipway.EndToEnd.Load;

/// <summary>A gateway that may not have many descriptors.</summary>
[Collection(nameof(Alone))]
public sealed class DescriptorTests
{
    const int Descriptors = 720, Taken = (720 - 320) / 2, Clients = 500;

    [Fact]
    public async Task It_turns_clients_away_in_words_before_it_runs_out_and_takes_others_when_they_have_gone()
    {
        await using var machine = new Machine();
        await machine.Succeed(Descriptors);
        await using var street = new Street(machine.Gateway);
        await street.Open(machine.Listen);
        await street.Route(new(Target.All(await street.Grow(1, machine.Folder))));

        var answers = new List<int>();
        var lines = new List<Line>();
        for (var i = 0; i < Clients; i++)
        {
            var line = await Line.To(machine.Listen, CancellationToken.None);
            lines.Add(line);
            answers.Add(await Ask(line));
        }

        answers.Count(status => status == 200).ShouldBe(Taken);
        answers.Count(status => status == 503).ShouldBe(Clients - Taken);
        foreach (var line in lines) line.Dispose();
        while (true)
        {
            using var line = await Line.To(machine.Listen, CancellationToken.None);
            if (await Ask(line) == 200) break; // once the gateway has heard that the others have gone
        }
    }

    /// <summary>Whoever is turned away is told so without being asked.</summary>
    static async Task<int> Ask(Line line)
    {
        await line.Send("GET / HTTP/1.1\r\nHost: load\r\n\r\n");
        return (await line.Read()).Status;
    }
}

using System.Diagnostics;
using Slipway.Machines.Load;
using Xunit.Abstractions;

namespace Slipway.EndToEnd.Load;

/// <summary>What a gateway that dies takes with it: what was under way in it, and nothing that comes later.</summary>
[Collection(nameof(Alone))]
public sealed class KilledGatewayTests(ITestOutputHelper output)
{
    const int Kills = 5, Steady = 6, Fresh = 6;

    [Fact]
    public async Task Whoever_connects_while_there_is_no_gateway_waits_for_the_next_and_is_served()
    {
        await using var machine = new Machine("1.0");
        await machine.Up();
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        await using var crowd = new Crowd()
            .Join(Steady, machine.Listen, "shop", Visits.KeepAlive)
            .Join(Fresh, machine.Listen, "shop", Visits.Once);
        await crowd.Goes(200, "alone");
        var longest = TimeSpan.Zero;
        for (var kill = 1; kill <= Kills; kill++)
        {
            crowd.Moment = $"kill {kill}";
            var before = machine.GatewayPid();
            var watch = Stopwatch.StartNew();
            Machine.Kill(before);
            await crowd.Goes(1 + Fresh, "alone"); // more than what may have been answered before
            if (watch.Elapsed > longest) longest = watch.Elapsed;
            await crowd.Goes(200, "alone");
            machine.GatewayPid().ShouldNotBe(before);
        }

        await crowd.Stop();
        output.WriteLine($"{Kills} kills, {longest.TotalMilliseconds:0} ms until served at most: {crowd}");
        foreach (var failure in crowd.Failures) output.WriteLine(failure);

        crowd.Failures.ShouldAllBe(failure => !failure.Contains("refused"));
        crowd.Count("failed").ShouldBeLessThanOrEqualTo(Kills * (Steady + Fresh));
    }
}

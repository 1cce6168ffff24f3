using System.Diagnostics;
using Slipway.Machines.Load;
using Slipway.Routing;
using Xunit.Abstractions;

namespace Slipway.EndToEnd.Load;

/// <summary>
/// Everything that changes under users changes at the same time, with clients of all kinds, and nobody may lose
/// anything.
/// </summary>
[Collection(nameof(Alone))]
public sealed class LoadTests(ITestOutputHelper output)
{
    const int SwapsOfEach = 10, AtOnce = 8;

    /// <summary>The first one has nobody to drain. More of them than fifty-one for whoever looks for more.</summary>
    static readonly int Generations =
        int.TryParse(Environment.GetEnvironmentVariable("SLIPWAY_LOAD_GENERATIONS"), out var asked) ? asked : 51;

    [Fact]
    public async Task Nothing_is_lost_by_swaps_drains_a_new_gateway_and_a_control_plane_that_dies()
    {
        await using var machine = new Machine("1.0");
        var up = await machine.Up();
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        await using var street = new Street(machine.Gateway);
        await street.Open(machine.Listen);
        var stable = await street.Grow(1, machine.Folder);
        await street.Route(new(Target.All(stable)));
        await using var crowd = Gather(machine.Listen);
        var watch = Stopwatch.StartNew();
        var drains = new List<Task>();
        Process? heir = null;
        for (var generation = 2; generation <= Generations; generation++)
        {
            crowd.Moment = $"r{generation}, {watch.Elapsed.TotalSeconds:0.0} s";
            if (generation == 12) up.Kill();
            if (generation == 18) heir = await machine.Succeed();
            if (generation == 24) await machine.Up();
            var candidate = await street.Grow(generation, machine.Folder);
            for (var part = 1; part <= SwapsOfEach; part++)
                await street.Route(new(part < SwapsOfEach
                    ? Target.Between(stable, candidate, Share.Percent(part * 10))
                    : Target.All(candidate)));
            drains.Add(street.Drain(stable));
            if (drains.Count > AtOnce) await drains[^(AtOnce + 1)];
            stable = candidate;
        }

        await Task.WhenAll(drains);
        await crowd.Stop();
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s, {street.Swaps} swaps, {drains.Count} drains: {crowd}");

        crowd.Failures.ShouldBeEmpty(crowd.ToString());
        drains.Count.ShouldBe(Generations - 1);
        street.Swaps.ShouldBeGreaterThanOrEqualTo(drains.Count * SwapsOfEach);
        heir!.HasExited.ShouldBeFalse();
        crowd.Count("going away").ShouldBeGreaterThan(20);
        crowd.Count("event streams").ShouldBeGreaterThan(20);
        string[] kinds = ["kept alive", "alone", "pipelined", "uploads", "half-closed", "events", "echoes"];
        foreach (var kind in kinds) crowd.Count(kind).ShouldBeGreaterThan(200, kind);
    }

    static Crowd Gather(string listen) => new Crowd()
        .Join(4, listen, "shop", Visits.KeepAlive)
        .Join(6, listen, Street.Service, Visits.KeepAlive)
        .Join(2, listen, Street.Service, Visits.Once)
        .Join(2, listen, Street.Service, Visits.Pipeline)
        .Join(2, listen, Street.Service, Visits.Upload)
        .Join(1, listen, Street.Service, Visits.HalfClosed)
        .Join(2, listen, Street.Service, Visits.Abort)
        .Join(4, listen, Street.Service, Visits.Events)
        .Join(4, listen, Street.Service, Visits.Echo);
}

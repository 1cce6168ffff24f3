using System.Globalization;
using Slipway.Client;
using Slipway.Machines;
using Slipway.Machines.Load;

namespace Slipway.Bench;

/// <summary>
/// A SIGKILL of the control plane, found by its port, at moments drawn over the whole of a release: every strategy and
/// a way back. Promised: the release goes on to its end, and nobody loses anything.
/// </summary>
static class Kills
{
    const int Default = 3, Seed = 4;

    static readonly CancellationToken None = CancellationToken.None;

    static readonly (string Name, string Strategy, string Ends)[] All =
    [
        ("recreate", "recreate: { hold: 30s }", "done"),
        ("rolling", "rolling: { batch: 1, interval: 500ms, maxUnavailable: 1, maxSurge: 1, minReady: 300ms }", "done"),
        ("blueGreen", "blueGreen: { validate: { traffic: 5%, for: 2s, minRequests: 5 }, switch: [50, 100], every: 1s }",
            "done"),
        ("canary", "canary: { steps: [25, 100], every: 2s, minRequests: 20 }", "done"),
        ("steps", "steps: [ scale: 1, check: smoke, set: { flag: new, to: on }, shift: 25%, wait: 2s, scale: 100%, "
            + "shift: 100%, wait: 1s, settle ]", "done"),
        ("shadow", "shadow: { mirror: 100%, for: 4s }", "observed"),
        ("abTest", "abTest: { split: { control: 50, treatment: 50 }, for: 4s, then: keep }", "kept"),
        ("way back", "canary: { steps: [50, 100], every: 4s, minRequests: 20 }", "aborted"),
    ];

    public static async Task Run(IReadOnlyList<string> words, TextWriter output)
    {
        var each = words is [var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : Default;
        var seed = words is [_, var asked, ..] ? int.Parse(asked, CultureInfo.InvariantCulture) : Seed;
        var (draws, bad, kills) = (new Random(seed), 0, 0);
        output.WriteLine($"{each} kills for each strategy, seed {seed}");
        output.WriteLine("  strategy   killed at        in step                          ended      after    lost");
        foreach (var (name, strategy, ends) in All)
        {
            var affinity = name == "abTest" ? ", affinity: { header: user }" : "";
            await using var machine = new Machine(
                Released.App.By(strategy).Where("drain: 5s", $"drain: 2s{affinity}"),
                [.. Enumerable.Range(0, each + 2).Select(i => $"1.{i}")]);
            await machine.Up();
            await machine.Run("deploy", "1.0");
            await using var crowd = Everybody(machine.Listen);
            await using var users = new Users(machine.Listen);
            var whole = (await Release(machine, 1, name, None)).Took;
            for (var i = 0; i < each; i++)
            {
                var lost = crowd.Count("failed") + users.Failures.Sum(failure => users.Answers[failure]);
                var at = whole * draws.NextDouble();
                crowd.Moment = $"{name}, killed after {at.TotalSeconds:0.00} s";
                var end = await Release(machine, i + 2, name, None, at);
                await crowd.Goes(20, "alone", "kept alive", "uploads", "events", "echoes");
                lost = crowd.Count("failed") + users.Failures.Sum(failure => users.Answers[failure]) - lost;
                if (lost > 0 || end.Outcome != ends) bad++;
                kills++;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {name,-10} {at.TotalSeconds,5:0.00} of {whole.TotalSeconds,5:0.0} s  {end.Step,-32} "
                    + $"{end.Outcome,-10} {end.Took.TotalSeconds,4:0.0} s {lost,5}"));
            }

            await users.Stop();
            await crowd.Stop();
            foreach (var failure in crowd.Failures.Concat(users.Failures)) output.WriteLine($"    {failure}");
        }

        output.WriteLine($"{kills} kills, {bad} of them with another end or a loss");
    }

    /// <summary>From the order to its end; the control plane is killed and started anew once, if it is to be.</summary>
    static async Task<(TimeSpan Took, string Step, string? Outcome)> Release(
        Machine machine, int version, string name, CancellationToken cancel, TimeSpan? kill = null)
    {
        var id = $"d{version}";
        var before = await machine.Client.Service("shop", cancel);
        var reply = await machine.Client.Deploy("shop", new($"1.{version}"), id, cancel);
        if (name == "way back")
        {
            await machine.Until("traffic", service => service.Release is { ShareSeenPercent: > 0 });
            await machine.Client.Command("shop", "abort", new(), $"a{version}", cancel);
        }

        var step = "";
        if (kill is { } at)
        {
            await Task.Delay(at, cancel);
            step = StepOf((await machine.Client.Service("shop", cancel)).Release);
            await machine.KillControlPlane();
            await machine.Up();
        }

        await machine.Until("the end of the release",
            service => service.Release is null && service.Last != before.Last);
        var over = await machine.Client.Release($"shop-{reply.Release}", cancel);
        return (over.Ended!.Value - over.Began, step, over.Outcome);
    }

    static string StepOf(ReleaseReport? release)
    {
        if (release is null) return "over";
        var now = release.Steps.FirstOrDefault(step => step.State == "now");
        var text = $"{(release.Mode == "back" ? "back: " : "")}{now?.Text ?? "between two steps"}";
        return text[..Math.Min(32, text.Length)];
    }

    static Crowd Everybody(string listen) => new Crowd()
        .Join(4, listen, "shop", Visits.KeepAlive)
        .Join(1, listen, "shop", Visits.Once)
        .Join(2, listen, "shop", Visits.Upload)
        .Join(3, listen, "shop", Visits.Events)
        .Join(3, listen, "shop", Visits.Echo);
}

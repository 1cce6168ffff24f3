using System.Globalization;
using Slipway.Client;
using Slipway.Screens;

namespace Slipway.Demo;

/// <summary>What the demo shows, scene by scene. Each says what was to happen and did not.</summary>
internal sealed class Story(Stage stage, Visitors visitors, Desk desk)
{
    readonly DateTimeOffset _began = desk.Clock.GetUtcNow();
    int _releases;

    public async Task<Ending> Play(CancellationToken cancel)
    {
        Func<CancellationToken, Task<Scene>>[] all = [First, Good, Bad, ThereAndBack];
        var scenes = new List<Scene>();
        foreach (var play in all)
            // What follows would rest on what has not happened.
            if (scenes.TrueForAll(scene => scene.Claims.Count == 0))
                scenes.Add(await play(cancel));
        return new(scenes.ToSeq(), _releases, desk.Clock.GetUtcNow() - _began, visitors.Records.Requests,
            visitors.Records.AllLost.ToSeq());
    }

    async Task<Scene> First(CancellationToken cancel)
    {
        Say("A shop, its version 1.0, on this machine.");
        await stage.Register(Stage.Canary, cancel);
        var release = await Deploy("1.0", cancel);
        visitors.Open();
        await Afterwards(cancel);
        return new("1.0", release.Outcome == "done" ? "live" : Result(release),
            [$"first deploy, {Stage.Replicas} instances"],
            [.. Unless(release.Outcome == "done", $"1.0 is live, not {Told(release)}"), .. Healthy("1.0")]);
    }

    async Task<Scene> Good(CancellationToken cancel)
    {
        Say("A canary: 1.1 gets more and more of the visitors.");
        var release = await Deploy("1.1", cancel);
        await Afterwards(cancel);
        return new("1.0 → 1.1", Result(release), ["canary 10 → 25 → 50 → 100 %,", "no harm found"],
        [
            .. Unless(release.Outcome == "done", $"1.1 takes over, not {Told(release)}"),
            .. Healthy("1.1"),
        ]);
    }

    async Task<Scene> Bad(CancellationToken cancel)
    {
        Say("A canary once more: 1.2 begins to fail 5 % of its requests after 5 s. Nobody touches anything.");
        var release = await Deploy("1.2", cancel);
        var over = desk.Clock.GetUtcNow();
        await Afterwards(cancel);
        var (bad, stable) = (visitors.Records.Of("1.2"), visitors.Records.Of("1.1"));
        var found = (await stage.Client.Events(release.Id, cancel)).FirstOrDefault(e => e.Kind == "turnedBack");
        var after = bad.FirstFailure is { } first && found is not null ? Seconds(found.At - first) : "never";
        return new("1.1 → 1.2", Result(release),
        [
            Text($"errors {bad.FailurePercent:0.0} % against {stable.FailurePercent:0.0} %,"),
            $"found {after} after the first",
            $"by {bad.Failures} failed requests of {bad.Answers}",
        ],
        [
            .. Unless(release is { Outcome: "rolledBack", Reason: "gateFailed" },
                $"1.2 is caught by a gate and rolled back, not {Told(release)}"),
            .. Unless(bad.Failures > 0, "1.2 has failed requests"),
            .. Unless(release.Outcome != "rolledBack" || bad.Latest <= over, "no request reaches 1.2 after its end"),
            .. Healthy("1.1"),
        ]);
    }

    async Task<Scene> ThereAndBack(CancellationToken cancel)
    {
        Say("Blue-green: 2.0 beside 1.1, then everybody at once, then back.");
        await stage.Register(Stage.BlueGreen, cancel);
        var there = await Deploy("2.0", cancel);
        await Afterwards(cancel);
        var asked = desk.Clock.GetUtcNow();
        var back = await Follow(await stage.Client.Command(Stage.Service, "undo", new(), Id(), cancel), cancel);
        var over = desk.Clock.GetUtcNow();
        await Afterwards(cancel);
        var (left, returned) = (visitors.Records.Of("2.0"), visitors.Records.Of("1.1"));
        return new("1.1 ↔ 2.0", back.Outcome == "done" ? "there and back" : Result(back),
        [
            "blue-green; the last request to 2.0",
            Text($"{Math.Max(0, (left.Latest - asked).TotalSeconds):0.00} s after undo was asked for"),
        ],
        [
            .. Unless(there.Outcome == "done", $"2.0 takes over, not {Told(there)}"),
            .. Unless(back.Outcome == "done", $"undo goes back to 1.1, not {Told(back)}"),
            .. Unless(left.Latest <= over && returned.Latest > over, "after undo all requests reach 1.1"),
            .. Healthy("2.0"), .. Healthy("1.1"),
        ]);
    }

    async Task<ReleaseReport> Deploy(string version, CancellationToken cancel) => await Follow(
        await stage.Client.Deploy(Stage.Service, new(version), Id(), cancel), cancel);

    /// <summary>Tells each thing that happens, until the release is over.</summary>
    async Task<ReleaseReport> Follow(CommandReply reply, CancellationToken cancel)
    {
        _releases++;
        var (id, told, until) = ($"{Stage.Service}-{reply.Release}", 0L, desk.Clock.GetUtcNow() + Limits.ReleaseMax);
        while (true)
        {
            var release = await stage.Client.Release(id, cancel);
            foreach (var e in (await stage.Client.Events(id, cancel)).Where(e => e.Sequence > told))
            {
                desk.Out.WriteLine(desk.Terminal.Spelt($"  {Clocks.Long(e.At, desk.Terminal.Zone)} {e.Text}"
                    + (e.Evidence is { } evidence ? $": {evidence}" : "")));
                told = e.Sequence;
            }

            if (release.Outcome is not null) return release;
            if (desk.Clock.GetUtcNow() > until)
                throw new TimeoutException($"release {release.Number} is not over after 3 min: {release.Why}");
            await Task.Delay(Limits.Look, desk.Clock, cancel);
        }
    }

    /// <summary>A while of requests, all sent after this moment or under way at it.</summary>
    async Task Afterwards(CancellationToken cancel)
    {
        var enough = visitors.Records.Requests + Limits.Afterwards;
        var until = desk.Clock.GetUtcNow() + Limits.AnswerMax;
        while (visitors.Records.Requests < enough && desk.Clock.GetUtcNow() < until)
            await Task.Delay(Limits.Look, desk.Clock, cancel);
    }

    IEnumerable<string> Healthy(string version)
    {
        var tally = visitors.Records.Of(version);
        return
        [
            .. Unless(tally.Answers > 0, $"{version} has answered requests"),
            .. Unless(tally.Failures == 0, $"{version} fails no request, not {tally.Failures}"),
        ];
    }

    void Say(string text) => desk.Out.WriteLine(desk.Terminal.Strong(text));

    static string[] Unless(bool happened, string claim) => happened ? [] : [claim];

    static string Id() => $"{Guid.NewGuid():N}";

    static string Result(ReleaseReport release) =>
        $"{HistoryScreen.Result(release.Outcome!)} in {Seconds(release.Ended!.Value - release.Began)}";

    static string Told(ReleaseReport release) => HistoryScreen.Result(release.Outcome!)
        + (release.Why.Length > 0 ? $": {release.Why}" : "");

    static string Seconds(TimeSpan span) => Text($"{Math.Max(0, span.TotalSeconds):0.#} s");

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

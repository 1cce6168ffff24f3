using Slipway.Client;
using Slipway.Screens;

namespace Slipway;

/// <summary>
/// Stays with a release until it is over: one screen that is repainted where somebody looks, else a line for each thing
/// that happens. Leaving changes nothing.
/// </summary>
internal sealed class Following(SlipwayClient client, Desk desk)
{
    static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(1);

    static readonly TimeSpan WaitTold = TimeSpan.FromMinutes(1);

    long _told;
    (int Step, DateTimeOffset At) _waited;

    /// <summary>When it is left running; none: nobody leaves.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>A release that ends turned back may be what was asked for.</summary>
    public Func<ReleaseReport, bool> IsWanted { get; init; } = _ => false;

    public async Task<int> Follow(string id, CancellationToken cancel)
    {
        try
        {
            return End(desk.Terminal.Live ? await Watch(id, cancel) : await Tell(id, cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            desk.Out.WriteLine($"Release {id} goes on by itself. To see it: slipway status --watch");
            return ExitCode.StillRunning;
        }
    }

    /// <summary>The release that brings this version, which may have to wait for another one to end.</summary>
    public async Task<int> FollowTo(string service, string version, string id, CancellationToken cancel)
    {
        var told = false;
        try
        {
            while (await Ask(() => client.Service(service, cancel), cancel) is var now)
            {
                if (now.Release is { } own && own.To == version) id = own.Id;
                else if (now.Next == version && Until <= desk.Clock.GetUtcNow())
                {
                    desk.Refuse($"{version} still waits for another release of {service} to end",
                        $"See: slipway status {service} --watch");
                    return ExitCode.StillRunning;
                }
                else if (now.Next == version)
                {
                    if (!told) desk.Out.WriteLine($"{version} waits for release {now.Release?.Number} to end.");
                    told = true;
                    await Task.Delay(Every, desk.Clock, cancel);
                    continue;
                }
                else if (told && now.Last is { } last && last.To == version) id = last.Id;
                else if (told)
                {
                    desk.Refuse($"{version} was not released", $"See: slipway history {service}");
                    return ExitCode.Failed;
                }

                break;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            desk.Out.WriteLine($"{version} goes on waiting for its turn. To see it: slipway status {service} --watch");
            return ExitCode.StillRunning;
        }

        return await Follow(id, cancel);
    }

    async Task<ReleaseReport> Watch(string id, CancellationToken cancel)
    {
        using var screen = new LiveScreen(desk.Out, desk.Around.Size);
        while (true)
        {
            var release = await Ask(() => client.Release(id, cancel), cancel);
            var now = desk.Clock.GetUtcNow();
            screen.Paint(ReleaseScreen.Lines(release, now, screen.Width, desk.Terminal));
            if (IsOver(release, now)) return release;
            await Task.Delay(Every, desk.Clock, cancel);
        }
    }

    async Task<ReleaseReport> Tell(string id, CancellationToken cancel)
    {
        while (true)
        {
            var release = await Ask(() => client.Release(id, cancel), cancel);
            var events = await Ask(() => client.Events(id, cancel), cancel);
            foreach (var e in events.Where(e => e.Sequence > _told))
            {
                var evidence = e.Evidence is { } text ? $": {text}" : "";
                desk.Out.WriteLine(desk.Terminal.Spelt(
                    $"{Clocks.Long(e.At, desk.Terminal.Zone)} {Foreign.Line(e.Text + evidence)}"));
                _told = e.Sequence;
            }

            TellWait(release, desk.Clock.GetUtcNow());
            if (IsOver(release, desk.Clock.GetUtcNow())) return release;
            await Task.Delay(Every, desk.Clock, cancel);
        }
    }

    /// <summary>What a step still waits for when its time is over; again every minute.</summary>
    void TellWait(ReleaseReport r, DateTimeOffset now)
    {
        var step = r.Steps.FirstOrDefault(step => step is { State: "now", Kind: "wait", Note.Length: > 0 });
        if (step is null || r is not { Mode: "forward", StepEnds: null }) return;
        if (step.Number == _waited.Step && now - _waited.At < WaitTold) return;
        _waited = (step.Number, now);
        desk.Out.WriteLine(desk.Terminal.Spelt(
            $"{Clocks.Long(now, desk.Terminal.Zone)} {Foreign.Line($"{step.Text}: {step.Note}")}"));
    }

    bool IsOver(ReleaseReport release, DateTimeOffset now) =>
        release.Outcome is not null || release.Verifying || Until <= now;

    /// <summary>A control plane that is started anew is waited for: the release goes on with it.</summary>
    async Task<T> Ask<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        var began = desk.Clock.GetUtcNow();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (NoAnswerException) when (desk.Clock.GetUtcNow() - began < SilenceMax)
            {
                await Task.Delay(Every * 5, desk.Clock, cancel);
            }
        }
    }

    int End(ReleaseReport r)
    {
        var versions = r.From is { } from ? $"{r.Service} stays on {from}" : $"{r.Service} has no version running";
        var outcome = r.Outcome ?? (!r.Verifying ? null : r.Reason == "aborted" ? "aborted" : "rolledBack");
        if (outcome is null)
        {
            desk.Refuse($"release {r.Number} is not over yet: {State(r)}", $"See: slipway status {r.Service} --watch");
            return ExitCode.StillRunning;
        }

        var took = $"release {r.Number}, {Clocks.Span((r.Ended ?? desk.Clock.GetUtcNow()) - r.Began)}";
        if (outcome is "done" or "doneWithFailures" or "observed" or "kept" or "removed")
        {
            var what = outcome switch
            {
                "removed" => $"{r.Service} is removed",
                "observed" => $"{r.To} was observed, {versions}",
                "kept" => $"{r.To} was not chosen, {versions}",
                _ => $"{r.Service} is on {r.To}",
            };
            desk.Out.WriteLine($"{Glyphs.Done(desk.Terminal)} {what}. {Capital(took)}.");
            if (outcome == "doneWithFailures")
                desk.Out.WriteLine(desk.Terminal.Doubtful("  Not all instances came up: ") + "slipway status "
                    + r.Service);
            return ExitCode.Done;
        }

        if (IsWanted(r))
        {
            desk.Out.WriteLine(
                $"{Glyphs.Done(desk.Terminal)} {Capital(took)}: {HistoryScreen.Result(outcome)}, {versions}.");
            return ExitCode.Done;
        }

        desk.Error.WriteLine($"{desk.Terminal.Bad("error:")} {took}: {HistoryScreen.Result(outcome)}, {versions}");
        if (r.Why.Length > 0) desk.Error.WriteLine($"       {Foreign.Line(r.Why)}");
        if (r.Verifying) desk.Error.WriteLine("       Whether that has helped is looked at for a while longer.");
        desk.Error.WriteLine($"       See: slipway show {r.Id}");
        return ExitCode.Failed;
    }

    static string State(ReleaseReport r) => r.Mode switch
    {
        "approval" => "it waits for an approval",
        "paused" => $"it is paused: {r.Why}",
        "back" => "it goes back",
        _ => "it goes on by itself",
    };

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

using System.Globalization;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Adapters.Checks;

/// <summary>
/// A little traffic to a fleet's preview. A request begins when its time has come, whatever became of those before: one
/// that waits for an answer would hide how slow the others are.
/// </summary>
sealed class LoadCheck(Preview preview, TimeProvider time)
{
    readonly record struct Shot(bool Failed, TimeSpan Took);

    public async Task<JobAnswer> Answer(Service service, Fleet fleet, CheckSpec.Load load, CancellationToken cancel)
    {
        var count = (int)Math.Max(1, Math.Round(load.Rate * load.For.TotalSeconds));
        var began = time.GetTimestamp();
        var shots = new List<Task<Shot>>(count);
        for (var i = 0; i < count; i++)
        {
            var wait = TimeSpan.FromSeconds(i / load.Rate) - time.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancel);
            shots.Add(Shoot(service, fleet, load.Paths[i % load.Paths.Count], cancel));
        }

        return Judged(load, await Task.WhenAll(shots));
    }

    async Task<Shot> Shoot(Service service, Fleet fleet, string path, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(Limits.LoadRequest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var answer = await preview.Get(service, fleet, path, both.Token);
            return new((int)answer.StatusCode >= 500, time.GetElapsedTime(began));
        }
        catch (Exception e) when (!cancel.IsCancellationRequested
            && e is HttpRequestException or OperationCanceledException or IOException)
        {
            return new(true, time.GetElapsedTime(began));
        }
    }

    static JobAnswer Judged(CheckSpec.Load load, Shot[] shots)
    {
        var failed = shots.Count(shot => shot.Failed);
        var errors = (double)failed / shots.Length;
        var sorted = shots.Select(shot => shot.Took).Order().ToList();
        var p99 = sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * .99) - 1)];
        var passed = errors <= load.Errors && !(p99 > load.P99);
        var allowed = load.P99 is { } most ? $" ({Timing.Text(most)} allowed)" : "";
        var share = string.Create(CultureInfo.InvariantCulture,
            $"{failed:N0} failed, {errors * 100:0.##} % ({load.Errors * 100:0.##} % allowed)");
        return new(passed,
            $"{shots.Length} requests in {Timing.Text(load.For)}, {share}, p99 {Timing.Text(p99)}{allowed}");
    }
}

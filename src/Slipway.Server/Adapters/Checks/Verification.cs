using Slipway.Gates;
using Slipway.Running;
using Question = Slipway.Plans.Question;

namespace Slipway.Adapters.Checks;

/// <summary>
/// After going back: do fresh windows look as they should? The first good one is the answer; until the time is over a
/// bad
/// one may still be the end of what was wrong. Without anything counted, ready instances have to do.
/// </summary>
sealed class Verification(IFleets fleets, IMetrics? metrics, TimeProvider time)
{
    const int WindowsMin = 5;
    static readonly TimeSpan WindowMax = TimeSpan.FromSeconds(5);

    public async Task<JobAnswer> Answer(Job job, Question.Verify verify, CancellationToken cancel)
    {
        // A little less than the runner waits: the answer has to be there before it stops listening.
        var window = TimeSpan.FromTicks(Math.Min(WindowMax.Ticks, verify.Limits.Within.Ticks / (WindowsMin + 1)));
        var end = time.GetUtcNow() + verify.Limits.Within - window;
        var before = await Read(job, verify, cancel);
        while (true)
        {
            await Task.Delay(window, time, cancel);
            var now = await Read(job, verify, cancel);
            var answer = now is null || before is null || now.Since(before).Candidate is not { Requests: > 0 } counts
                ? await ByReadiness(job, verify, cancel)
                : ByCounts(verify, counts);
            if (answer.Passed || time.GetUtcNow() >= end) return answer;
            before = now;
        }
    }

    static JobAnswer ByCounts(Question.Verify verify, FleetCounts counts)
    {
        var (errors, available) =
            (counts.Errors / (double)counts.Requests, 1 - counts.Unanswered / (double)counts.Requests);
        var text = $"{counts.Requests} requests, {errors:P2} errors, {available:P2} answered";
        var limits = verify.Limits;
        return new(!(errors > limits.ErrorRateMax) && !(available < limits.AvailabilityMin), text);
    }

    async Task<JobAnswer> ByReadiness(Job job, Question.Verify verify, CancellationToken cancel)
    {
        var wanted = job.Service.Want.SizeOf(verify.Fleet);
        var ready = (await fleets.Look(job.Service.Name, cancel))
            .FirstOrDefault(fleet => fleet.Fleet == verify.Fleet)?.Ready ?? 0;
        return new(ready >= wanted, $"no requests were counted; {ready} of {wanted} instances are ready");
    }

    /// <summary>A source that is down has nothing to say, and is no reason to say no.</summary>
    async Task<Totals?> Read(Job job, Question.Verify verify, CancellationToken cancel)
    {
        if (metrics is null) return null;
        try
        {
            return await metrics.Read(new(job.Service.Name, verify.Fleet, null, []), cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return null;
        }
    }
}

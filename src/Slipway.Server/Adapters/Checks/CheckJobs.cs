using System.Collections.Concurrent;
using System.Globalization;
using Slipway.Adapters.Commands;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Adapters.Checks;

public sealed record CheckSettings
{
    /// <summary>Relative programs begin here.</summary>
    public string Root { get; init; } = Environment.CurrentDirectory;
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>
/// Smoke tests, commands, webhooks, hooks, and whether going back has helped. A question that is asked again while it
/// is being answered, or afterwards in the same life, is not put twice.
/// </summary>
public sealed class CheckJobs : IJobs, IDisposable
{
    readonly ConcurrentDictionary<string, Task<JobAnswer>> _answers = new(StringComparer.Ordinal);
    readonly CheckSettings _settings;
    readonly Variables _variables;
    readonly Preview _preview = new();
    readonly Webhooks _webhooks;
    readonly LoadCheck _load;
    readonly Verification _verification;

    public CheckJobs(CheckSettings settings, IFleets fleets, IMetrics? metrics = null)
    {
        _settings = settings;
        _variables = new Variables(settings.Variable);
        _webhooks = new Webhooks(_variables, settings.Time);
        _load = new LoadCheck(_preview, settings.Time);
        _verification = new Verification(fleets, metrics, settings.Time);
    }

    public async Task<JobAnswer> Do(Job job, CancellationToken cancel)
    {
        if (_answers.Count > Limits.AnswersKept) _answers.Clear();
        var answer = _answers.GetOrAdd(job.Id, _ => Answer(job, cancel));
        try
        {
            return await answer.WaitAsync(cancel);
        }
        catch when (!answer.IsCompletedSuccessfully)
        {
            _answers.TryRemove(KeyValuePair.Create(job.Id, answer)); // not answered: it may be asked again
            throw;
        }
    }

    public void Dispose()
    {
        _preview.Dispose();
        _webhooks.Dispose();
    }

    /// <summary>What was resolved to ask is taken out of what is told: it may be a secret, and answers stay.</summary>
    async Task<JobAnswer> Answer(Job job, CancellationToken cancel)
    {
        var answer = await (job.Question switch
        {
            Question.Check check => All(job, check, cancel),
            Question.Hook hook => Run(job, job.Service.Run?.Candidate, hook.Run, hook.Timeout, cancel),
            Question.Webhook { Confirms: true } webhook => Confirm(job, webhook, cancel),
            Question.Webhook webhook => Limited(
                webhook.Timeout, time => Ask(job, Webhooks.CallOf(webhook.Spec, webhook.Fleet), time), cancel),
            Question.Verify verify => _verification.Answer(job, verify, cancel),
            _ => throw new NotSupportedException($"{job.Question.GetType().Name} is a question for people."),
        });
        return answer with { Text = _variables.Hidden(answer.Text) };
    }

    /// <summary>One after the other, as they are written; the first no is the answer.</summary>
    async Task<JobAnswer> All(Job job, Question.Check check, CancellationToken cancel)
    {
        var said = new List<string>();
        foreach (var spec in check.All)
        {
            var answer = await Limited(spec.Timeout, time => One(job, check.Fleet, spec, time), cancel);
            said.Add($"{spec}: {answer.Text}");
            if (!answer.Passed) return new(false, said[^1]);
        }

        return new(true, string.Join("; ", said));
    }

    Task<JobAnswer> One(Job job, Fleet fleet, CheckSpec spec, CancellationToken cancel) => spec switch
    {
        CheckSpec.Run run => Run(job, fleet, run.Command, run.Timeout, cancel),
        CheckSpec.Webhook hook => Ask(job, new("check", fleet, hook.Url, hook.Secret), cancel),
        _ when Preview.UrlOf(job.Service) is null =>
            Task.FromResult(new JobAnswer(false, "there is no address to ask: traffic.listen is not set")),
        CheckSpec.Http http => Get(job.Service, fleet, http, cancel),
        CheckSpec.Load load => _load.Answer(job.Service, fleet, load, cancel),
        _ => throw new NotSupportedException($"{spec.GetType().Name} is not a check that is known here."),
    };

    async Task<JobAnswer> Get(Service service, Fleet fleet, CheckSpec.Http check, CancellationToken cancel)
    {
        using var within = new CancellationTokenSource(check.Within ?? Timeout.InfiniteTimeSpan, _settings.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(within.Token, cancel);
        try
        {
            using var answer = await _preview.Get(service, fleet, check.Path, both.Token);
            var body = await answer.Content.ReadAsStringAsync(both.Token);
            return Expected.Missed(check, answer, body) is { } missed
                ? new(false, missed)
                : new(true, $"answered {check.Expect}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, $"no answer within {check.Within!.Value.TotalSeconds:0.###} s");
        }
    }

    /// <summary>Asked until it says yes: until then a no, or no answer at all, means "not yet".</summary>
    async Task<JobAnswer> Confirm(Job job, Question.Webhook webhook, CancellationToken cancel)
    {
        var spec = webhook.Spec;
        var began = _settings.Time.GetTimestamp();
        // A little less than the runner waits, so that what was said last is told.
        var end = spec.Timeout - TimeSpan.FromTicks(Math.Min(TimeSpan.TicksPerSecond, spec.Timeout.Ticks / 10));
        while (true)
        {
            var left = end - _settings.Time.GetElapsedTime(began);
            var once = left < Defaults.CheckTimeout ? left : Defaults.CheckTimeout;
            var answer = await Limited(once, time => Ask(job, Webhooks.CallOf(spec, webhook.Fleet), time), cancel);
            if (answer.Passed) return answer;
            left = end - _settings.Time.GetElapsedTime(began);
            if (left > spec.Every)
            {
                await Task.Delay(spec.Every, _settings.Time, cancel);
                continue;
            }

            // Too short a time to ask once more, and no reason to say no before it is over.
            if (left > TimeSpan.Zero) await Task.Delay(left, _settings.Time, cancel);
            return new(false, $"{spec.Url} said no yes within {Timing.Text(spec.Timeout)}: {answer.Text}");
        }
    }

    async Task<JobAnswer> Ask(Job job, WebhookCall call, CancellationToken cancel)
    {
        var answer = await _webhooks.Ask(job.Id, job.Service, call, cancel);
        return new(answer.Yes, answer.Text);
    }

    Task<JobAnswer> Run(Job job, Fleet? fleet, Seq<string> line, TimeSpan timeout, CancellationToken cancel) =>
        Limited(timeout, async time =>
        {
            var command = new Command(line.Select(_variables.Resolve).ToSeq(), _settings.Root)
            {
                Environment = EnvironmentOf(job, fleet),
            };
            var end = await command.Run(time);
            return new(end.Code == 0, end.Code == 0
                ? $"ended well{Expected.Quoted(end.Output.Split('\n')[^1])}"
                : $"ended with exit code {end.Code}. {end.Output}".TrimEnd());
        }, cancel);

    Dictionary<string, string> EnvironmentOf(Job job, Fleet? fleet)
    {
        var all = _variables.Basic();
        all["SLIPWAY_ID"] = job.Id;
        all["SLIPWAY_SERVICE"] = job.Service.Name;
        all["SLIPWAY_RELEASE"] = job.Service.Releases.ToString(CultureInfo.InvariantCulture);
        if (fleet is { } one)
        {
            all["SLIPWAY_VERSION"] = job.Service.RevisionOf(one).Version;
            all["SLIPWAY_FLEET"] = $"{one}";
            all["SLIPWAY_PREVIEW"] = Preview.RoleOf(job.Service, one);
        }

        if (Preview.UrlOf(job.Service) is { } url) all["SLIPWAY_URL"] = url;
        return all;
    }

    /// <summary>
    /// An answer that does not come, or a program that does not start, is a no with its reason; only our own end is
    /// none.
    /// </summary>
    async Task<JobAnswer> Limited(
        TimeSpan timeout, Func<CancellationToken, Task<JobAnswer>> ask, CancellationToken cancel)
    {
        using var expiry = new CancellationTokenSource(timeout, _settings.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancel);
        try
        {
            return await ask(both.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, $"no answer within {timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new(false, e.Message);
        }
    }
}

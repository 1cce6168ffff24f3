using System.Collections.Concurrent;
using System.Globalization;
using Slipway.Adapters.Commands;
using Slipway.Plans;
using Slipway.Running;

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
/// is
/// being answered, or afterwards in the same life, is not put twice.
/// </summary>
public sealed class CheckJobs : IJobs, IDisposable
{
    const int AnswersKept = 1_000;

    readonly ConcurrentDictionary<string, Task<JobAnswer>> _answers = new(StringComparer.Ordinal);
    readonly CheckSettings _settings;
    readonly Variables _variables;
    readonly HttpChecks _http;
    readonly Verification _verification;

    public CheckJobs(CheckSettings settings, IFleets fleets, IMetrics? metrics = null)
    {
        _settings = settings;
        _variables = new Variables(settings.Variable);
        _http = new HttpChecks(_variables);
        _verification = new Verification(fleets, metrics, settings.Time);
    }

    public async Task<JobAnswer> Do(Job job, CancellationToken cancel)
    {
        if (_answers.Count > AnswersKept) _answers.Clear();
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

    public void Dispose() => _http.Dispose();

    Task<JobAnswer> Answer(Job job, CancellationToken cancel) => job.Question switch
    {
        Question.Check check => All(job, check, cancel),
        Question.Hook hook => Run(job, job.Service.Run?.Candidate, hook.Run, hook.Timeout, cancel),
        Question.Verify verify => _verification.Answer(job, verify, cancel),
        _ => throw new NotSupportedException($"{job.Question.GetType().Name} is a question for people."),
    };

    /// <summary>One after the other, as they are written; the first no is the answer.</summary>
    async Task<JobAnswer> All(Job job, Question.Check check, CancellationToken cancel)
    {
        var said = new List<string>();
        foreach (var spec in check.All)
        {
            var answer = spec switch
            {
                Specification.CheckSpec.Http http =>
                    await Limited(http.Timeout, time => _http.Get(job.Service, check.Fleet, http, time), cancel),
                Specification.CheckSpec.Webhook hook =>
                    await Limited(hook.Timeout, time => _http.Post(job, check.Fleet, hook, time), cancel),
                Specification.CheckSpec.Run run => await Run(job, check.Fleet, run.Command, run.Timeout, cancel),
                _ => throw new NotSupportedException($"{spec.GetType().Name} is not a check that is known here."),
            };
            said.Add($"{spec}: {answer.Text}");
            if (!answer.Passed) return new(false, said[^1]);
        }

        return new(true, string.Join("; ", said));
    }

    Task<JobAnswer> Run(Job job, Routing.Fleet? fleet, Seq<string> line, TimeSpan timeout, CancellationToken cancel) =>
        Limited(timeout, async time =>
        {
            var command = new Command(line.Select(_variables.Resolve).ToSeq(), _settings.Root)
            {
                Environment = EnvironmentOf(job, fleet),
            };
            var end = await command.Run(time);
            return new(end.Code == 0, end.Code == 0
                ? "ended well"
                : $"ended with exit code {end.Code}. {end.Output}".TrimEnd());
        }, cancel);

    Dictionary<string, string> EnvironmentOf(Job job, Routing.Fleet? fleet)
    {
        var all = _variables.Basic();
        all["SLIPWAY_ID"] = job.Id;
        all["SLIPWAY_SERVICE"] = job.Service.Name;
        all["SLIPWAY_RELEASE"] = job.Service.Releases.ToString(CultureInfo.InvariantCulture);
        if (fleet is { } one)
        {
            all["SLIPWAY_VERSION"] = job.Service.RevisionOf(one).Version;
            all["SLIPWAY_PREVIEW"] = HttpChecks.PreviewOf(job.Service, one);
        }

        if (job.Service.Spec?.Traffic.Listen is { } listen) all["SLIPWAY_URL"] = $"http://{listen}";
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

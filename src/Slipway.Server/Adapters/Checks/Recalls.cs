using Slipway.Adapters.Commands;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Adapters.Checks;

/// <summary>
/// Asks the webhooks that may turn a release back for as long as it goes forward. A yes is a command like any other, of
/// this one release; no answer is no yes.
/// </summary>
public sealed class Recalls : IDisposable
{
    readonly Dictionary<string, Watch> _watches = new(StringComparer.Ordinal);
    readonly Lock _gate = new();
    readonly Engine _engine;
    readonly CheckSettings _settings;
    readonly Func<bool> _acts;
    readonly Variables _variables;
    readonly Webhooks _webhooks;

    sealed record Watch(int Release, CancellationTokenSource Stop);

    /// <param name="acts">Whether this node is the one that does things.</param>
    public Recalls(Engine engine, CheckSettings settings, Func<bool> acts)
    {
        (_engine, _settings, _acts) = (engine, settings, acts);
        _variables = new Variables(settings.Variable);
        _webhooks = new Webhooks(_variables, settings.Time);
        engine.Moved += Look;
    }

    public void Dispose()
    {
        _engine.Moved -= Look;
        lock (_gate)
        {
            foreach (var watch in _watches.Values) watch.Stop.Cancel();
            _watches.Clear();
        }

        _webhooks.Dispose();
    }

    void Look(Runner runner)
    {
        var s = runner.Service;
        var asked = Asked(s);
        lock (_gate)
        {
            if (_watches.TryGetValue(s.Name, out var watch))
            {
                if (asked.Count > 0 && watch.Release == s.Run!.Release) return;
                watch.Stop.Cancel();
                _watches.Remove(s.Name);
            }

            if (asked.Count == 0) return;
            _watches[s.Name] = watch = new(s.Run!.Release, new());
            foreach (var webhook in asked) _ = Ask(runner, watch, webhook);
        }
    }

    List<WebhookSpec> Asked(Service s) => _acts() && s.Run is { Mode: not Mode.Back } run
        && run.Kind is RunKind.First or RunKind.Deploy or RunKind.Restart
            ? [.. s.RevisionOf(run.Candidate).Spec.Checks.Webhooks.Where(each => each.At == WebhookMoment.Rollback)]
            : [];

    async Task Ask(Runner runner, Watch watch, WebhookSpec webhook)
    {
        var name = runner.Service.Name;
        var call = Webhooks.CallOf(webhook, runner.Service.Run!.Candidate);
        var id = $"{name}/{watch.Release}/recall";
        using var pause = new PeriodicTimer(webhook.Every, _settings.Time);
        try
        {
            do
            {
                if (await Said(id, runner.Service, call, webhook, watch.Stop.Token) is not { } why) continue;
                await _engine.Order(name, new Decisions.Command.Recall(id, watch.Release, why) { By = "webhook" });
                return;
            }
            while (await pause.WaitForNextTickAsync(watch.Stop.Token));
        }
        catch (OperationCanceledException) when (watch.Stop.IsCancellationRequested)
        {
            // The release goes forward no more.
        }
    }

    /// <summary>Null for a no, and for no answer.</summary>
    async Task<string?> Said(
        string id, Service service, WebhookCall call, WebhookSpec webhook, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(webhook.Timeout, _settings.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            var answer = await _webhooks.Ask(id, service, call, both.Token);
            return answer.Yes ? _variables.Hidden($"{webhook.Url} wants it back{Expected.Quoted(answer.Said)}") : null;
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}

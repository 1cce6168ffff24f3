using Slipway.Client;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Notices;

/// <summary>
/// A courier for each target that a slipway.yaml names. They read the journal as everybody does: there is no list of
/// what is still to be sent.
/// </summary>
sealed class NoticeDesk(PostOffice office) : IAsyncDisposable
{
    readonly Dictionary<string, Dictionary<Recipient, Courier>> _couriers = new(StringComparer.Ordinal);
    readonly List<Task> _leaving = [];
    readonly Lock _gate = new();
    bool _closed;

    /// <summary>
    /// Follows what the service says now; who is not named any more is told nothing more. Called with every change of
    /// every service: one that names nobody costs nothing, and another only its own couriers.
    /// </summary>
    public void Follow(Service service)
    {
        var named = service.Spec?.Notify ?? [];
        lock (_gate)
        {
            if (_closed) return;
            if (!_couriers.TryGetValue(service.Name, out var couriers))
            {
                if (named.Count == 0) return;
                _couriers.Add(service.Name, couriers = []);
            }

            var wanted = Recipient.Of(service.Name, named).ToDictionary();
            foreach (var (who, target) in wanted)
                if (!couriers.TryGetValue(who, out var courier))
                    couriers.Add(who, new(office, service, who, target));
                else courier.Grown(service.Sequence, target);
            _leaving.RemoveAll(task => task.IsCompleted);
            foreach (var (who, courier) in couriers.Where(each => !wanted.ContainsKey(each.Key)).ToList())
            {
                couriers.Remove(who);
                _leaving.Add(courier.Leave());
            }
        }
    }

    /// <summary>What comes of a trial at each target, all at once.</summary>
    public async Task<IReadOnlyList<TrialReport>> Try(Service service, CancellationToken cancel)
    {
        var notice = Notice.Trial(service, $"trial-{Guid.NewGuid():N}", office.Time.GetUtcNow());
        return await Task.WhenAll((service.Spec?.Notify ?? []).Select(async target =>
        {
            var delivery = await office.Post.Send(target, notice, cancel);
            // Who is called out of bed by a trial is let sleep again at once.
            if (delivery.IsTaken && target.Kind == NotifyKind.PagerDuty)
                delivery = await office.Post.Send(target, notice with { Alarm = Alarm.Over }, cancel);
            return new TrialReport(target.Shown, delivery.IsTaken, delivery.Why);
        }));
    }

    public async ValueTask DisposeAsync()
    {
        List<Task> all;
        lock (_gate)
        {
            _closed = true;
            all =
            [
                .. _leaving,
                .. _couriers.Values.SelectMany(own => own.Values).Select(courier => courier.DisposeAsync().AsTask()),
            ];
            _couriers.Clear();
        }

        await Task.WhenAll(all);
        office.Post.Dispose();
    }
}

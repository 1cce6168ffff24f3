using Slipway.Releases;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Notices;

/// <summary>
/// A courier for each target that a slipway.yaml names. They read the journal as everybody does: there is no list of
/// what is still to be sent.
/// </summary>
sealed class NoticeDesk(PostOffice office) : IAsyncDisposable
{
    readonly Dictionary<(string Service, NotifySpec Target), Courier> _couriers = [];
    readonly List<Task> _leaving = [];
    readonly Lock _gate = new();
    bool _closed;

    /// <summary>Follows what the service says now; who is not named any more is told nothing more.</summary>
    public void Follow(Service service)
    {
        lock (_gate)
        {
            if (_closed) return;
            var wanted = service.Spec?.Notify ?? [];
            foreach (var target in wanted)
                if (!_couriers.TryGetValue((service.Name, target), out var courier))
                    _couriers.Add((service.Name, target), new(office, service.Name, target, service.Sequence));
                else courier.Grown(service.Sequence);
            _leaving.RemoveAll(task => task.IsCompleted);
            foreach (var (key, courier) in _couriers.Where(each =>
                each.Key.Service == service.Name && !wanted.Contains(each.Key.Target)).ToList())
            {
                _couriers.Remove(key);
                _leaving.Add(courier.DisposeAsync().AsTask());
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Task> all;
        lock (_gate)
        {
            _closed = true;
            all = [.. _leaving, .. _couriers.Values.Select(courier => courier.DisposeAsync().AsTask())];
            _couriers.Clear();
        }

        await Task.WhenAll(all);
        office.Post.Dispose();
    }
}

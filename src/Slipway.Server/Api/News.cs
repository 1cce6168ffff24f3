using System.Collections.Concurrent;
using System.Threading.Channels;
using Slipway.Client;
using Slipway.Releases;
using Slipway.Reports;
using Slipway.Running;

namespace Slipway.Api;

/// <summary>
/// What happens, told to everybody who listens. The journal says what: the runners only say that there is something.
/// </summary>
sealed class News : IDisposable
{
    readonly ApiScene _scene;
    readonly ConcurrentDictionary<Channel<EventReport>, bool> _readers = new();
    readonly Channel<Service> _moved = Channel.CreateUnbounded<Service>(new() { SingleReader = true });
    readonly Dictionary<string, Service> _told = new(StringComparer.Ordinal);

    public News(ApiScene scene)
    {
        _scene = scene;
        foreach (var runner in scene.Engine.Runners) _told[runner.Service.Name] = runner.Service;
        scene.Engine.Moved += Moved;
        _ = Tell();
    }

    /// <summary>None when too many listen already.</summary>
    public Channel<EventReport>? Listen()
    {
        if (_readers.Count >= Limits.ReadersMax) return null;
        var reader = Channel.CreateBounded<EventReport>(Limits.NewsBehindMax);
        _readers[reader] = true;
        return reader;
    }

    public void Leave(Channel<EventReport> reader) => _readers.TryRemove(reader, out _);

    public void Dispose()
    {
        _scene.Engine.Moved -= Moved;
        _moved.Writer.TryComplete();
        foreach (var reader in _readers.Keys) reader.Writer.TryComplete();
    }

    void Moved(Runner runner) => _moved.Writer.TryWrite(runner.Service);

    async Task Tell()
    {
        await foreach (var service in _moved.Reader.ReadAllAsync())
        {
            var before = _told.GetValueOrDefault(service.Name) ?? new Service(service.Name);
            if (service.Sequence <= before.Sequence) continue;
            _told[service.Name] = service;
            if (_readers.IsEmpty) continue;
            try
            {
                var events = await _scene.Journal.Read(service.Name, before.Sequence, CancellationToken.None);
                var fresh = events.Where(recorded => recorded.Sequence <= service.Sequence);
                foreach (var line in Story.Of(before, fresh)) Tell(line);
            }
            catch (Exception e) when (e is not BrokenInvariantException)
            {
                // What cannot be read now is in the journal all the same; listeners ask anew when they miss something.
            }
        }
    }

    void Tell(EventReport line)
    {
        foreach (var reader in _readers.Keys)
            if (!reader.Writer.TryWrite(line)) reader.Writer.TryComplete();
    }
}

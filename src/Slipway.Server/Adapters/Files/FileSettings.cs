using System.Collections.Concurrent;
using Slipway.Decisions;
using Slipway.Running;

namespace Slipway.Adapters.Files;

/// <summary>
/// The settings of each service in a file of its own: what releases want of flags and schema changes, with the sequence
/// that wanted it. It is remembered for good, so an older order is refused after a restart too.
/// </summary>
public sealed class FileSettings : ISettings
{
    readonly ConcurrentDictionary<string, Kept> _services = new(StringComparer.Ordinal);
    readonly string _folder;

    public FileSettings(string data)
    {
        _folder = Path.Combine(data, "settings");
        Directory.CreateDirectory(_folder);
    }

    /// <summary>Told after a change, with the service.</summary>
    public event Action<string>? Changed;

    public Task Set(SettingOrder order, CancellationToken cancel)
    {
        if (Of(order.Service).Set(order)) Changed?.Invoke(order.Service);
        return Task.CompletedTask;
    }

    public Task<Seq<SeenSetting>> Look(string service, CancellationToken cancel) => Task.FromResult(Of(service).All);

    Kept Of(string service) => _services.GetOrAdd(service, name => new(Path.Combine(_folder, $"{name}.json")));

    sealed class Kept(string path)
    {
        readonly Lock _gate = new();
        Seq<SeenSetting> _all = (JsonFile.Read<SeenSetting[]>(path) ?? []).ToSeq();

        public Seq<SeenSetting> All
        {
            get
            {
                lock (_gate) return _all;
            }
        }

        /// <summary>False when it was so before.</summary>
        public bool Set(SettingOrder order)
        {
            lock (_gate)
            {
                var wanted = new SeenSetting(order.Name, order.Value, order.Since);
                var now = _all.FirstOrDefault(setting => setting.Name == order.Name);
                if (now is not null && order.Since < now.Since)
                    throw new OutdatedException(order.Name, order.Since, now.Since);
                if (now == wanted) return false;
                var next = _all.Where(setting => setting.Name != order.Name).Append(wanted).ToSeq();
                JsonFile.Write(path, next.ToArray());
                _all = next;
                return true;
            }
        }
    }
}

using Slipway.Adapters.Files;
using Slipway.Adapters.Postgres;
using Slipway.Adapters.Sqlite;
using Slipway.Running;

namespace Slipway;

/// <summary>
/// What a control plane remembers: in its own folder, or in a database that it shares with others, and then it may have
/// to stand by.
/// </summary>
sealed class Store : IAsyncDisposable
{
    readonly Seq<IAsyncDisposable> _parts;

    Store(IJournal journal, ISettings settings, params ReadOnlySpan<IAsyncDisposable> parts) =>
        (Journal, Settings, _parts) = (journal, settings, Seq.Create(parts));

    public IJournal Journal { get; }
    public ISettings Settings { get; }

    /// <summary>None where there is nobody to share with.</summary>
    public PostgresLease? Lease { get; private init; }

    /// <summary>Told after a change of a setting, with the service.</summary>
    public event Action<string>? Changed;

    public static async Task<Store> Open(ControlSettings settings, CancellationToken cancel)
    {
        if (settings.Store is { } url) return await Shared(url, settings, cancel);
        var journal = SqliteJournal.Open(settings.Data);
        var files = new FileSettings(settings.Data);
        var store = new Store(journal, files, journal);
        files.Changed += store.Tell;
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts) await part.DisposeAsync();
    }

    static async Task<Store> Shared(StoreUrl url, ControlSettings settings, CancellationToken cancel)
    {
        var shared = await PostgresStore.Open(url, cancel);
        try
        {
            var self = new StoreNode($"{Guid.NewGuid():N}", $"http://{settings.Listen}", Machine(),
                Path.GetFullPath(settings.Data));
            var lease = await PostgresLease.Start(shared, self, settings.Time, cancel);
            var store = new Store(shared.Journal, shared.Settings, lease, shared) { Lease = lease };
            shared.Settings.Changed += store.Tell;
            return store;
        }
        catch
        {
            await shared.DisposeAsync();
            throw;
        }
    }

    /// <summary>A name that people know it by, and what no other machine of that name has.</summary>
    static string Machine()
    {
        const string file = "/etc/machine-id";
        var id = File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        return id.Length >= 8 ? $"{Environment.MachineName} ({id[..8]})" : Environment.MachineName;
    }

    void Tell(string service) => Changed?.Invoke(service);
}

namespace Slipway.Adapters.Journals;

/// <summary>
/// Tells watchers which streams have grown, on a thread of its own so that a slow one never holds up the writer. Names
/// that wait are kept once, however often they grow.
/// </summary>
sealed class Watchers
{
    readonly Lock gate = new();
    readonly List<Action<string>> all = [];
    HashSet<string> grown = [];
    bool telling;

    public IDisposable Add(Action<string> watcher)
    {
        lock (gate) all.Add(watcher);
        return new Watch(this, watcher);
    }

    public void Tell(IEnumerable<string> streams)
    {
        lock (gate)
        {
            if (all.Count == 0) return;
            grown.UnionWith(streams);
            if (telling || grown.Count == 0) return;
            telling = true;
        }
        ThreadPool.QueueUserWorkItem(_ => TellAll());
    }

    void TellAll()
    {
        while (true)
        {
            HashSet<string> streams;
            Action<string>[] watchers;
            lock (gate)
            {
                if (grown.Count == 0)
                {
                    telling = false;
                    return;
                }
                (streams, grown) = (grown, []);
                watchers = [.. all];
            }
            foreach (var stream in streams)
                foreach (var watcher in watchers)
                    watcher(stream);
        }
    }

    void Remove(Action<string> watcher)
    {
        lock (gate) all.Remove(watcher);
    }

    sealed class Watch(Watchers watchers, Action<string> watcher) : IDisposable
    {
        Action<string>? mine = watcher;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref mine, null) is { } watcher) watchers.Remove(watcher);
        }
    }
}

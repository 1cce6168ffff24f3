using System.Collections.Concurrent;

namespace Slipway.Machines.Load;

/// <summary>What a client does until it begins anew, on a connection of its own or on several.</summary>
public delegate Task Visit(Visitor visitor, CancellationToken cancel);

/// <summary>Clients of all kinds at the same time. Every failure is kept, with its cause and its moment.</summary>
public sealed class Crowd : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, (int Count, string First)> _failures = new(StringComparer.Ordinal);
    readonly CancellationTokenSource _enough = new();
    readonly CancellationTokenSource _patience = new();
    readonly List<Task> _visitors = [];

    /// <summary>What goes on meanwhile, to be told with a failure.</summary>
    public string Moment { get; set; } = "";

    public IReadOnlyList<string> Failures =>
        [.. _failures.Select(failure => $"{failure.Value.Count} × {failure.Key}, first at {failure.Value.First}")];

    public int Count(string what) => _counts.GetValueOrDefault(what);

    /// <summary>Ends when so many more of each have been done.</summary>
    public async Task Goes(int more, params IReadOnlyList<string> kinds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var enough = kinds.Select(kind => (Kind: kind, Count: Count(kind) + more)).ToList();
        while (enough.Exists(each => Count(each.Kind) < each.Count))
            if (!await tick.WaitForNextTickAsync(CancellationToken.None) || patience.IsCancellationRequested)
                throw new TimeoutException($"{more} more of {string.Join(", ", kinds)} have not come: {this}");
    }

    public override string ToString() => string.Join(", ", _counts.OrderBy(count => count.Key, StringComparer.Ordinal)
        .Select(count => $"{count.Value:N0} {count.Key}"));

    public Crowd Join(int many, string listen, string host, Visit visit)
    {
        for (var i = 0; i < many; i++) _visitors.Add(Stay(new(this, listen, host, _enough.Token), visit));
        return this;
    }

    /// <summary>Whoever has begun something ends it first.</summary>
    public async Task Stop()
    {
        await _enough.CancelAsync();
        _patience.CancelAfter(TimeSpan.FromSeconds(30));
        await Task.WhenAll(_visitors);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _enough.Dispose();
        _patience.Dispose();
    }

    internal void Add(string what, int count) => _counts.AddOrUpdate(what, count, (_, before) => before + count);

    internal void Fail(string why)
    {
        Add("failed", 1);
        _failures.AddOrUpdate(why, (1, Moment), (_, known) => (known.Count + 1, known.First));
    }

    async Task Stay(Visitor visitor, Visit visit)
    {
        using (visitor)
            while (!visitor.HasEnough)
                try
                {
                    await visit(visitor, _patience.Token);
                }
                catch (Exception e)
                {
                    Fail($"{visit.Method.Name}: {e.GetType().Name}: {e.Message}");
                }
    }
}

/// <summary>One of them, with a pace that leaves the machine to others.</summary>
public sealed class Visitor(Crowd crowd, string listen, string host, CancellationToken enough) : IDisposable
{
    readonly PeriodicTimer _pace = new(TimeSpan.FromMilliseconds(10));

    public string Listen => listen;
    public string Host => host;
    public bool HasEnough => enough.IsCancellationRequested;

    /// <summary>Where this one's events go on.</summary>
    public long NextEvent { get; set; } = 1;

    public void Did(string what, int count = 1) => crowd.Add(what, count);

    public void Failed(string why) => crowd.Fail(why);

    /// <summary>False when it is time to go.</summary>
    public async Task<bool> Rest()
    {
        try
        {
            return await _pace.WaitForNextTickAsync(enough);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _pace.Dispose();
}

using System.Collections.Concurrent;
using System.Globalization;

namespace Shop;

/// <summary>Serves what users ask for, in the way of its version, and counts it.</summary>
sealed class Counter(Behaviour behaviour, TimeProvider time)
{
    readonly long _began = time.GetTimestamp();
    readonly ConcurrentBag<byte[]> _leaked = [];
    long _requests, _failed;

    public async Task<IResult> Serve(Func<IResult> answer)
    {
        var request = Interlocked.Increment(ref _requests);
        var age = time.GetElapsedTime(_began);
        if (behaviour.LeaksBytes > 0) Leak();
        if (behaviour.Slowness(request, age) is { Ticks: > 0 } slow) await Task.Delay(slow, time);
        if (!behaviour.Fails(request, age)) return answer();
        Interlocked.Increment(ref _failed);
        return Results.Text($"Shop {behaviour.Version} has lost its stock list.", statusCode: 500);
    }

    /// <summary>Memory that nobody has written to is not taken from the machine.</summary>
    void Leak()
    {
        var kept = new byte[behaviour.LeaksBytes];
        Array.Fill(kept, (byte)1);
        _leaked.Add(kept);
    }

    /// <summary>As Prometheus reads it.</summary>
    public string Metrics() => string.Create(CultureInfo.InvariantCulture, $"""
        # TYPE shop_requests_total counter
        shop_requests_total {Interlocked.Read(ref _requests)}
        # TYPE shop_failed_total counter
        shop_failed_total {Interlocked.Read(ref _failed)}
        # TYPE shop_memory_bytes gauge
        shop_memory_bytes {Environment.WorkingSet}

        """);
}

using Slipway.Gateway.Control;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.Adapters.Gateway;

/// <summary>
/// Tells every gateway who is there, until it knows. Snapshots are numbered; a number that a gateway finds too old is
/// one from a life of ours before, so what is true now gets a newer one.
/// </summary>
public sealed class GatewayMembers : IMembers, IAsyncDisposable
{
    static readonly Task Never = new TaskCompletionSource().Task;

    readonly Gateways _gateways;
    readonly TimeProvider _time;
    readonly Lock _gate = new();
    readonly Dictionary<string, MembersOrder> _latest = new(StringComparer.Ordinal);
    readonly CancellationTokenSource _stop = new();
    readonly Task _telling;
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _sequence;

    public GatewayMembers(Gateways gateways, TimeProvider time)
    {
        (_gateways, _time) = (gateways, time);
        _sequence = time.GetUtcNow().ToUnixTimeMilliseconds();
        _telling = Task.WhenAll(gateways.All.Select(Keep));
    }

    /// <summary>A call that has failed: to which gateway, and why. It is made again.</summary>
    public event Action<string, Exception>? Troubled;

    public void Tell(string service, Seq<Member> members)
    {
        lock (_gate)
        {
            if (_latest.TryGetValue(service, out var known) && known.Members.Equals(members)) return;
            _latest[service] = new(members, ++_sequence);
        }

        Wake();
    }

    public async Task Drained(string service, Member member, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stop.Token);
        await _gateways.Each(gateway => Drained(gateway, service, member, either.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _telling;
        _stop.Dispose();
    }

    /// <summary>One that cannot be asked is asked again: it may still have requests under way.</summary>
    async Task Drained(GatewayLink gateway, string service, Member member, CancellationToken cancel)
    {
        var order = new DrainOrder(member.Fleet, member.Instance);
        while (true)
        {
            try
            {
                var answer = await gateway.Post<DrainOrder, DrainAnswer>(
                    $"/v1/sites/{service}/drain", order, cancel);
                if (answer.Drained) return;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                Troubled?.Invoke(gateway.Name, e);
                await Task.Delay(Limits.RestFirst, _time, cancel);
            }
        }
    }

    async Task Keep(GatewayLink gateway)
    {
        var (told, rest) = (new Dictionary<string, long>(StringComparer.Ordinal), TimeSpan.Zero);
        while (!_stop.IsCancellationRequested)
        {
            var changed = Volatile.Read(ref _changed).Task;
            try
            {
                foreach (var (service, order) in Untold(told)) await Tell(gateway, service, order, told);
                rest = TimeSpan.Zero;
                if (await Elapsed(changed, Limits.LookEvery)) await Look(gateway, told);
            }
            catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
            {
                Troubled?.Invoke(gateway.Name, e);
                told.Clear();
                rest = rest == TimeSpan.Zero ? Limits.RestFirst : rest * 2;
                if (rest > Limits.RestMax) rest = Limits.RestMax;
                await Elapsed(Never, rest);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    List<(string Service, MembersOrder Order)> Untold(Dictionary<string, long> told)
    {
        lock (_gate)
            return [.. _latest.Where(entry => told.GetValueOrDefault(entry.Key) != entry.Value.Sequence)
                .Select(entry => (entry.Key, entry.Value))];
    }

    async Task Tell(GatewayLink gateway, string service, MembersOrder order, Dictionary<string, long> told)
    {
        using var expiry = new CancellationTokenSource(Limits.Call, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, _stop.Token);
        try
        {
            await gateway.Put($"/v1/sites/{service}/members", order, either.Token);
            told[service] = order.Sequence;
        }
        catch (GatewayException e)
        {
            Troubled?.Invoke(gateway.Name, e);
            told[service] = order.Sequence; // told again after the next look; other services need not wait
        }
        catch (OutdatedException e)
        {
            lock (_gate)
            {
                if (_latest[service].Sequence > e.Accepted) return;
                _sequence = Math.Max(_sequence, e.Accepted) + 1;
                _latest[service] = _latest[service] with { Sequence = _sequence };
            }

            Wake();
        }
    }

    /// <summary>A gateway that has lost its state, or waits after a reboot, is told again.</summary>
    async Task Look(GatewayLink gateway, Dictionary<string, long> told)
    {
        using var expiry = new CancellationTokenSource(Limits.Call, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, _stop.Token);
        var state = await gateway.Get<GatewayState>("/v1/state", either.Token);
        foreach (var service in told.Keys.ToList())
            if (state.Sites.FirstOrDefault(site => site.Service == service) is not { Confirmed: true } site
                || site.Sequence != told[service]) told.Remove(service);
    }

    /// <summary>False when something happened before the time was over.</summary>
    async Task<bool> Elapsed(Task something, TimeSpan time)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var elapsed = Task.Delay(time, _time, enough.Token);
        var first = await Task.WhenAny(something, elapsed);
        await enough.CancelAsync();
        return first == elapsed && !_stop.IsCancellationRequested;
    }

    void Wake() =>
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

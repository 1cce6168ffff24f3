using System.Threading.Channels;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Notices;

/// <summary>What couriers share.</summary>
sealed record PostOffice(IJournal Journal, Post Post, Cursors Cursors)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public Action<string> Tell { get; init; } = _ => { };
}

/// <summary>
/// Tells one target of one service, in order: reads on from its cursor, sends, moves the cursor. A crash in between
/// sends the same notice again, under the same id. One that is down delays only itself.
/// </summary>
sealed class Courier : IAsyncDisposable
{
    readonly PostOffice _office;
    readonly string _service;
    readonly NotifySpec _target;
    readonly Channel<bool> _grown = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly CancellationTokenSource _stop = new();
    readonly Task _work;
    Service _told;
    long _head;

    /// <param name="since">Where a target begins that is new: it hears of what comes, not of what was.</param>
    public Courier(PostOffice office, string service, NotifySpec target, long since)
    {
        (_office, _service, _target) = (office, service, target);
        _told = new(service);
        Grown(since);
        _work = Task.Run(() => Work(since));
    }

    /// <summary>Told often: only what is new is a reason to read.</summary>
    public void Grown(long sequence)
    {
        if (sequence <= Volatile.Read(ref _head)) return;
        Volatile.Write(ref _head, sequence);
        _grown.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    async Task Work(long since)
    {
        var rest = TimeSpan.Zero;
        while (!_stop.IsCancellationRequested)
            try
            {
                await Begin(since);
                while (await _grown.Reader.WaitToReadAsync(_stop.Token))
                {
                    _grown.Reader.TryRead(out _);
                    await CatchUp();
                    rest = TimeSpan.Zero;
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _office.Tell($"{_service}: notices to {Name} are late: {e.Message}");
                rest = Longer(rest);
                _grown.Writer.TryWrite(true);
                if (!await Rest(rest)) return;
            }
    }

    /// <summary>The service as it was when this target was last told: what comes next is told against it.</summary>
    async Task Begin(long since)
    {
        var events = await _office.Journal.Read(_service, 0, _stop.Token);
        var from = _office.Cursors.Of(_service, _target) ?? First(events, since);
        _office.Cursors.Set(_service, _target, from);
        _told = new(_service);
        foreach (var recorded in events.Where(recorded => recorded.Sequence <= from)) _told = _told.Apply(recorded);
    }

    /// <summary>
    /// A release may have begun in the same breath as its service was registered: what comes after is news.
    /// </summary>
    long First(Seq<Recorded> events, long since)
    {
        var fresh = _office.Time.GetUtcNow() - Limits.Fresh;
        return events.LastOrDefault(recorded => recorded.Sequence <= since && recorded.At > fresh
            && recorded.Event is Event.Registered or Event.Changed)?.Sequence ?? since;
    }

    async Task CatchUp()
    {
        foreach (var recorded in await _office.Journal.Read(_service, _told.Sequence, _stop.Token))
        {
            if (Notice.Of(_told, recorded) is { } notice && (_target.On.Count == 0 || _target.On.Contains(notice.On)))
            {
                await Deliver(notice);
                _office.Cursors.Set(_service, _target, recorded.Sequence);
            }

            _told = _told.Apply(recorded);
        }
    }

    async Task Deliver(Notice notice)
    {
        var (rest, until) = (TimeSpan.Zero, _office.Time.GetUtcNow() + Limits.GiveUp);
        while (true)
        {
            var delivery = await _office.Post.Send(_target, notice, _stop.Token);
            if (delivery.IsTaken) return;
            var isOver = delivery.IsFinal || _office.Time.GetUtcNow() > until;
            if (isOver || rest == TimeSpan.Zero)
                _office.Tell($"{_service}: {Name} was not told \"{notice.Text}\": {delivery.Why}"
                    + (isOver ? "" : ". It is tried again."));
            if (isOver) return;
            rest = Longer(rest);
            if (!await Rest(rest)) throw new OperationCanceledException(_stop.Token);
        }
    }

    string Name => $"{_target.Kind}";

    static TimeSpan Longer(TimeSpan rest) => rest == TimeSpan.Zero ? Limits.RestFirst
        : rest * 2 < Limits.RestMax ? rest * 2 : Limits.RestMax;

    async Task<bool> Rest(TimeSpan rest)
    {
        try
        {
            await Task.Delay(rest, _office.Time, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

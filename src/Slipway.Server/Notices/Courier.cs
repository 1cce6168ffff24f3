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
    readonly Recipient _who;
    readonly Channel<bool> _grown = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly CancellationTokenSource _stop = new();
    readonly Task _work;
    NotifySpec _target;
    Service _told;
    bool _hasBegun;
    long _head;

    /// <param name="service">
    /// As it is now. Where a target begins that is new: it hears of what comes, not of what was.
    /// </param>
    public Courier(PostOffice office, Service service, Recipient who, NotifySpec target)
    {
        (_office, _who, _target, _told) = (office, who, target, service);
        Grown(service.Sequence, target);
        _work = Task.Run(Work);
    }

    /// <summary>Told often: only what is new is a reason to read.</summary>
    /// <param name="target">As it is named now: what is still to be told is told in these words.</param>
    public void Grown(long sequence, NotifySpec target)
    {
        Volatile.Write(ref _target, target);
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

    /// <summary>It is named no more: what it was not told yet is lost, and that is said.</summary>
    public async Task Leave()
    {
        await DisposeAsync();
        try
        {
            var lost = _hasBegun ? await Untold() : [];
            if (lost is [var first, ..])
                _office.Tell($"{_who.Service}: {_target.Shown} is not named any more: {lost.Count} notice"
                    + (lost.Count == 1 ? " that it was not told yet is" : "s that it was not told yet are")
                    + $" dropped, the first \"{first.Text}\"");
            _office.Cursors.Forget(_who);
        }
        catch (Exception e)
        {
            _office.Tell($"{_who.Service}: {_target.Shown} is not named any more, and whether it was told everything "
                + $"is not known: {e.Message}");
        }
    }

    async Task<List<Notice>> Untold()
    {
        var (told, lost) = (_told, new List<Notice>());
        foreach (var recorded in await _office.Journal.Read(told.Name, told.Sequence, CancellationToken.None))
        {
            if (Notice.Of(told, recorded) is { } notice && notice.Concerns(_target)) lost.Add(notice);
            told = told.Apply(recorded);
        }

        return lost;
    }

    async Task Work()
    {
        var (rest, now) = (TimeSpan.Zero, _told);
        while (!_stop.IsCancellationRequested)
            try
            {
                if (!_hasBegun) _told = await Begin(now);
                _hasBegun = true;
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
                if (rest == TimeSpan.Zero)
                    _office.Tell($"{now.Name}: notices to {_target.Shown} are late: {e.Message}");
                rest = Longer(rest);
                _grown.Writer.TryWrite(true);
                if (!await Rest(rest)) return;
            }
    }

    /// <summary>The service as it was when this target was last told: what comes next is told against it.</summary>
    async Task<Service> Begin(Service now)
    {
        var kept = _office.Cursors.Of(_who, _target);
        if (kept >= now.Sequence) return now;
        var events = await _office.Journal.Read(now.Name, 0, _stop.Token);
        var from = kept ?? First(events, now.Sequence);
        if (kept is null) _office.Cursors.Set(_who, from);
        return events.Where(recorded => recorded.Sequence <= from)
            .Aggregate(new Service(now.Name), (service, recorded) => service.Apply(recorded));
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
        foreach (var recorded in await _office.Journal.Read(_told.Name, _told.Sequence, _stop.Token))
        {
            var notice = Notice.Of(_told, recorded) is { } news && news.Concerns(_target) ? news : null;
            if (notice is not null) await Deliver(notice);
            // First in memory: a disk that is full is no reason to tell the same again.
            _told = _told.Apply(recorded);
            if (notice is not null) _office.Cursors.Set(_who, recorded.Sequence);
        }

        // With nothing under way the next life need not read all that was.
        if (_told.Run is null) _office.Cursors.Set(_who, _told.Sequence);
    }

    async Task Deliver(Notice notice)
    {
        var (rest, until) = (TimeSpan.Zero, notice.At + Limits.GiveUp);
        while (notice.Concerns(_target))
        {
            var delivery = await _office.Post.Send(_target, notice, _stop.Token);
            if (delivery.IsTaken)
            {
                if (rest > TimeSpan.Zero) _office.Tell($"{notice.Service}: {_target.Shown} is told again");
                return;
            }

            var isOver = delivery.IsFinal || _office.Time.GetUtcNow() > until;
            if (isOver || rest == TimeSpan.Zero)
                _office.Tell($"{notice.Service}: {_target.Shown} was not told \"{notice.Text}\": {delivery.Why}"
                    + (isOver ? "" : ". It is tried again"));
            if (isOver) return;
            rest = Longer(rest);
            if (!await Rest(rest)) throw new OperationCanceledException(_stop.Token);
        }
    }

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

using Npgsql;
using Slipway.Adapters.Journals;
using Slipway.Running;

namespace Slipway.Adapters.Postgres;

/// <summary>
/// Hears what other nodes append. Nothing is told twice by the server, so after every connection, and now and then,
/// the ends of all streams are compared with those that were known.
/// </summary>
sealed class Listener : IAsyncDisposable
{
    readonly PostgresStore store;
    readonly IJournal journal;
    readonly Watchers watchers;
    readonly string own;
    readonly CancellationTokenSource stop = new();
    readonly Task running;
    Dictionary<string, long> known = [];
    bool lookAtAll;

    public Listener(PostgresStore store, IJournal journal, Watchers watchers, string own)
    {
        (this.store, this.journal, this.watchers, this.own) = (store, journal, watchers, own);
        running = Task.Run(Run);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    async Task Run()
    {
        while (!stop.IsCancellationRequested)
            try
            {
                await Listen();
            }
            // A connection that is left in the middle of something may say anything.
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            // Whoever needs the store says that it is gone; here it is only waited for.
            catch (Exception e) when (Trouble.IsPassing(e))
            {
                await Task.Delay(Limits.ListenAgain, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
    }

    async Task Listen()
    {
        await using var db = await store.Listen(stop.Token);
        db.Notification += (_, said) => Hear(said.Payload);
        await using (var listen = db.Prepared($"LISTEN {Notice.Channel}"))
            await listen.ExecuteNonQueryAsync(stop.Token);
        await Compare();
        while (true)
        {
            var heard = await db.WaitAsync(Limits.PollEvery, stop.Token);
            if (!heard || lookAtAll) await Compare();
        }
    }

    void Hear(string text)
    {
        if (Notice.Read(text) is not var (node, streams) || node == own) return;
        if (streams.Count == 0) lookAtAll = true;
        else watchers.Tell(streams);
    }

    async Task Compare()
    {
        lookAtAll = false;
        var heads = await journal.Streams(stop.Token);
        watchers.Tell(heads.Where(head => known.GetValueOrDefault(head.Stream) != head.Sequence)
            .Select(head => head.Stream));
        known = heads.ToDictionary(head => head.Stream, head => head.Sequence, StringComparer.Ordinal);
    }
}

using System.Threading.Channels;
using Slipway.Running;

namespace Slipway.Adapters.Journals;

/// <summary>
/// What waits to be written. Whatever is there goes into one commit, so the slow part, getting it onto the disk, is
/// shared; while it lasts the next batch gathers by itself.
/// </summary>
sealed class Inbox
{
    readonly Channel<Entry> waiting = Channel.CreateBounded<Entry>(new BoundedChannelOptions(Limits.WaitingMax)
    {
        SingleReader = true,
    });

    /// <summary>Ends when it is written, or is known not to be.</summary>
    public async Task<bool> Write(Entry entry, CancellationToken cancel)
    {
        try
        {
            await waiting.Writer.WriteAsync(entry, cancel);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(IJournal));
        }
        return await entry.Done.WaitAsync(cancel);
    }

    public void Close() => waiting.Writer.TryComplete();

    /// <summary>False when there is nothing, and never will be.</summary>
    public ValueTask<bool> Any() => waiting.Reader.WaitToReadAsync();

    public void Gather(List<Entry> batch)
    {
        for (var chars = 0; batch.Count < Limits.BatchMax && chars < Limits.BatchCharsMax; chars += batch[^1].Chars)
            if (waiting.Reader.TryRead(out var entry)) batch.Add(entry);
            else return;
    }
}

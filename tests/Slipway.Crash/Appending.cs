using Slipway.Adapters.Sqlite;
using Slipway.Releases;
using Slipway.Running;

namespace Slipway.Crash;

/// <summary>Many writers, each with a stream of its own and one more that all of them fight for.</summary>
static class Appending
{
    public const string Shared = "shared";

    static readonly CancellationToken None = CancellationToken.None;

    public static async Task<int> Run(string folder, int writers, int appends, bool early)
    {
        await using var journal = SqliteJournal.Open(folder);
        await Task.WhenAll(Enumerable.Range(0, writers)
            .Select(writer => Task.Run(() => Write(journal, writer, appends, early))));
        return 0;
    }

    static async Task Write(SqliteJournal journal, int writer, int appends, bool early)
    {
        var own = $"writer {writer}";
        var last = (await journal.Read(own, 0, None)).Count;
        for (var i = 0; i < appends; i++)
        {
            var events = Events(own, last, count: 1 + (i % 3));
            var appending = journal.Append(own, last, events, None);
            if (early) Acknowledge(own, events);
            if (!await appending) throw new InvalidOperationException($"Nobody else appends to '{own}'.");
            if (!early) Acknowledge(own, events);
            last += events.Count;

            if (early) continue;
            var contested = Events(Shared, (await journal.Read(Shared, 0, None)).Count, count: 2);
            if (await journal.Append(Shared, contested[0].Sequence - 1, contested, None))
                Acknowledge(Shared, contested);
        }
    }

    // A text that is never written twice: an event that is doubled can be told from one that is the like of it.
    static Seq<Recorded> Events(string stream, long last, int count) => Enumerable.Range(1, count)
        .Select(i => new Event.Noticed($"{Guid.NewGuid()} of {stream}"))
        .Select((e, i) => new Recorded(last + 1 + i, DateTimeOffset.UnixEpoch, e))
        .ToSeq();

    static void Acknowledge(string stream, Seq<Recorded> events)
    {
        var lines = events.Select(e => $"{stream}|{e.Sequence}|{((Event.Noticed)e.Event).Text}\n");
        lock (Out)
        {
            Out.Write(string.Concat(lines));
            Out.Flush();
        }
    }

    static readonly TextWriter Out = new StreamWriter(Console.OpenStandardOutput());
}

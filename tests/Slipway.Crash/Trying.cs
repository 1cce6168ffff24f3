using Slipway.Adapters.Sqlite;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.Crash;

/// <summary>What a journal says when the disk does not do what it should.</summary>
static class Trying
{
    static readonly Event.TurnedBack Abort = new(Reason.Aborted, "", []);
    static readonly CancellationToken None = CancellationToken.None;

    public static async Task<int> Open(string folder)
    {
        try
        {
            await using var journal = SqliteJournal.Open(folder);
            Console.WriteLine("opened");
            return 0;
        }
        catch (JournalException e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
    }

    /// <summary>On a small disk of its own: fills it, and goes through what is promised then.</summary>
    public static async Task<int> Fill(string folder)
    {
        await using var journal = SqliteJournal.Open(folder);
        await journal.Append("shop", 0, [At(1, new Event.Noticed("before"))], None);
        Console.WriteLine($"reserve held: {!journal.LivesOnReserve}");

        var filler = Path.Combine(folder, "filler");
        FillUp(filler);
        var last = await AppendUntil(journal, 1, () => journal.LivesOnReserve);
        Console.WriteLine("the disk is full: appends go on");

        Console.WriteLine($"a deployment: {await Try(journal, "other", 0, Deployment(1))}");
        Console.WriteLine($"an abort: {await Try(journal, "shop", last, Abort)}");
        last++;

        FillUp(filler);
        last = await AppendUntilRefused(journal, last);
        Console.WriteLine($"all of it is read: {(await journal.Read("shop", 0, None)).Count == last}");

        File.Delete(filler);
        Console.WriteLine($"with room again: {await Try(journal, "shop", last, new Event.Noticed("after"))}");
        Console.WriteLine($"a deployment: {await Try(journal, "other", 0, Deployment(1))}");
        Console.WriteLine($"reserve held: {!journal.LivesOnReserve}");
        Console.WriteLine($"all of it is read: {(await journal.Read("shop", 0, None)).Count == last + 1}");
        return 0;
    }

    public static async Task<int> BeginFull(string folder)
    {
        await using (var journal = SqliteJournal.Open(folder))
            await journal.Append("shop", 0, [At(1, new Event.Noticed("before"))], None);
        FillUp(Path.Combine(folder, "filler"));

        await using var again = SqliteJournal.Open(folder);
        Console.WriteLine($"read: {(await again.Read("shop", 0, None)).Count}");
        Console.WriteLine($"an abort: {await Try(again, "shop", 1, Abort)}");
        Console.WriteLine($"a deployment: {await Try(again, "other", 0, Deployment(1))}");
        return 0;
    }

    static Event.Started Deployment(int release) =>
        new(release, RunKind.Deploy, new Fleet(1), Budget.Beside(1), []);

    static Recorded At(long sequence, Event e) => new(sequence, DateTimeOffset.UnixEpoch, e);

    static async Task<string> Try(SqliteJournal journal, string stream, long expected, Event e)
    {
        try
        {
            return await journal.Append(stream, expected, [At(expected + 1, e)], None) ? "appended" : "conflict";
        }
        catch (IOException refused)
        {
            return refused.Message;
        }
    }

    static Event.Noticed Big() => new(new string('x', 200_000));

    static async Task<long> AppendUntil(SqliteJournal journal, long last, Func<bool> reached)
    {
        while (!reached())
        {
            if (await Try(journal, "shop", last, Big()) is not "appended" and var refused)
                throw new IOException(refused);
            last++;
        }
        return last;
    }

    static async Task<long> AppendUntilRefused(SqliteJournal journal, long last)
    {
        string answer;
        while ((answer = await Try(journal, "shop", last, Big())) == "appended") last++;
        Console.WriteLine($"no room at all: {answer}");
        return last;
    }

    static void FillUp(string filler)
    {
        var chunk = new byte[4096];
        using var file = new FileStream(filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(chunk);
        }
        catch (IOException)
        {
        }
    }
}

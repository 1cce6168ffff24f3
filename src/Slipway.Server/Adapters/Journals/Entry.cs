using Slipway.Plans;
using Slipway.Releases;
using Slipway.Running;

namespace Slipway.Adapters.Journals;

/// <summary>Something that waits to be written.</summary>
abstract class Entry
{
    // Without this an appender would go on running on the writer's thread.
    readonly TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<bool> Done => done.Task;

    /// <summary>What the open transaction has made of it: counts only once that is committed.</summary>
    public bool Written { get; set; }

    public abstract int Chars { get; }

    public void Complete() => done.TrySetResult(Written);
    public void Fail(Exception e) => done.TrySetException(e);

    public sealed class Append(string stream, long expected, Seq<Line> lines) : Entry
    {
        public string Stream => stream;
        public long Expected => expected;
        public Seq<Line> Lines => lines;
        public override int Chars { get; } = lines.Sum(line => line.Chars);

        /// <summary>Begins something that can as well begin later.</summary>
        public bool Begins { get; init; }

        public static Append Of(string stream, long expected, Seq<Recorded> events)
        {
            Check(stream, expected, events);
            var append = new Append(stream, expected, events.Select(Line.Of).ToSeq())
            {
                Begins = events.Any(recorded => IsBeginning(recorded.Event)),
            };
            if (append.Chars > Limits.AppendCharsMax)
                throw new ArgumentException(
                    $"An append to '{stream}' has {append.Chars} characters, and {Limits.AppendCharsMax} is the most.",
                    nameof(events));
            return append;
        }

        static void Check(string stream, long expected, Seq<Recorded> events)
        {
            if (events.Count == 0)
                throw new ArgumentException($"An append to '{stream}' must hold an event.", nameof(events));
            for (var i = 0; i < events.Count; i++)
                if (events[i].Sequence != expected + i + 1)
                    throw new ArgumentException(
                        $"Event {events[i].Sequence} of '{stream}' must be numbered {expected + i + 1}.",
                        nameof(events));
        }

        static bool IsBeginning(Event e) =>
            e is Event.Registered or Event.Asked
            or Event.Started { Kind: RunKind.First or RunKind.Deploy or RunKind.Restart };
    }

    public sealed class Save(SavedFold snapshot) : Entry
    {
        public SavedFold Fold => snapshot;
        public override int Chars => snapshot.State.Length;
    }
}

using Slipway.Releases;

namespace Slipway.Running;

/// <summary>
/// The append-only streams, one per service, that everything is read from. An append may throw and have happened all
/// the same: whoever appends reads again before it decides anew.
/// </summary>
public interface IJournal
{
    /// <summary>Every stream with its last sequence.</summary>
    Task<Seq<StreamHead>> Streams(CancellationToken cancel);

    /// <summary>The events after a sequence, in order, without a gap.</summary>
    Task<Seq<Recorded>> Read(string stream, long after, CancellationToken cancel);

    /// <summary>
    /// Appends all or none, durably, right behind <paramref name="expected"/>. False when somebody else was there
    /// first.
    /// </summary>
    Task<bool> Append(string stream, long expected, Seq<Recorded> events, CancellationToken cancel);

    /// <summary>Saved folds of this state version: a cache that may be stale or empty at any time.</summary>
    Task<Seq<SavedFold>> Snapshots(int stateVersion, CancellationToken cancel);

    Task Save(SavedFold snapshot, CancellationToken cancel);

    /// <summary>
    /// Tells, sooner or later and perhaps twice, that a stream has grown. A hint: what counts is read.
    /// </summary>
    IDisposable Watch(Action<string> grown);
}

public readonly record struct StreamHead(string Stream, long Sequence);

/// <summary>A service as text, at a sequence, by one version of the code.</summary>
public sealed record SavedFold(string Stream, long Sequence, int StateVersion, string State);

/// <summary>
/// The journal cannot be trusted: it is damaged, or newer than this program. The message says what to do.
/// </summary>
public sealed class JournalException(string message, Exception? inner = null) : Exception(message, inner);

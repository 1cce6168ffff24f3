using Slipway.Decisions;

namespace Slipway.Running;

/// <summary>
/// What wakes a runner. Everything reaches it through its mailbox, so its state is touched by one loop only.
/// </summary>
abstract record Mail
{
    Mail() { }

    /// <summary>Somebody wants something, and is told what became of it.</summary>
    public sealed record Ordered(Command Command, TaskCompletionSource<Reply> Reply) : Mail;

    /// <summary>A call that a lane had under way is over, well or not. What it touched is worth a look.</summary>
    public sealed record Returned(string Lane, Place? Touched, Func<Seen, Seen>? Seen, Exception? Failure) : Mail;

    /// <summary>A question was answered.</summary>
    public sealed record Answered(long Entered, JobAnswer Answer) : Mail;

    /// <summary>A reading of the metrics for a release.</summary>
    public sealed record Counted(int Release, Routing.Fleet Fleet, Totals Totals) : Mail;

    /// <summary>The stream has grown, perhaps by somebody else.</summary>
    public sealed record Grown : Mail;

    /// <summary>A target says that something has changed there: look again.</summary>
    public sealed record Changed(Place Place) : Mail;

    /// <summary>Time has come.</summary>
    public sealed record Due : Mail;
}

/// <summary>What became of a command: done, or why not.</summary>
public sealed record Reply(string? Refusal, Releases.Service Service)
{
    public bool Accepted => Refusal is null;

    /// <summary>
    /// The release that the command began, or the one that was under way: also when it is over by now and the command
    /// came again.
    /// </summary>
    public int? Release { get; init; }

    /// <summary>Deciding it has failed, which is a fault of ours; nothing has changed.</summary>
    public Exception? Defect { get; init; }

    /// <summary>
    /// It was not decided: the journal does not answer, or nobody looks after the service any more. Whether it is done
    /// all the same is known once somebody does; the same command again is done once.
    /// </summary>
    public bool Unavailable { get; init; }
}

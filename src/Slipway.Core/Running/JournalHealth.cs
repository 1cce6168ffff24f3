namespace Slipway.Running;

/// <summary>
/// How a runner fares with its journal: what is wrong with it, and whether it has been for so long that people are to
/// be told. It is time that counts, not tries: a hundred commands are a hundred tries, in no time.
/// </summary>
sealed class JournalHealth(TimeProvider time)
{
    long? _unread, _unwritten;

    /// <summary>Why the journal does not answer, for as long as it does not.</summary>
    public string? Trouble { get; set; }

    public bool IsUnwritten => _unwritten is not null;

    /// <summary>A store that is started anew would be back by now.</summary>
    public bool IsToBeTold => Lasts(_unread) || Lasts(_unwritten);

    public void CouldNotRead() => _unread ??= time.GetTimestamp();

    public void CouldNotWrite() => _unwritten ??= time.GetTimestamp();

    /// <summary>It is back, and what could not be written while it was away is decided anew.</summary>
    public void HasRead()
    {
        if (_unread is not null) IsWell();
    }

    /// <summary>Somebody else was first: the journal answers, and of what is to be written nothing is known.</summary>
    public void HasAnswered() => _unwritten = null;

    public void IsWell() => (_unread, _unwritten, Trouble) = (null, null, null);

    bool Lasts(long? since) => since is { } start && time.GetElapsedTime(start) >= Limits.JournalPatience;
}

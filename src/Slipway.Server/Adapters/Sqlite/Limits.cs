namespace Slipway.Adapters.Sqlite;

static class Limits
{
    /// <summary>Appends waiting for the writer; whoever comes later waits for a place.</summary>
    public const int WaitingMax = 10_000;

    /// <summary>Appends in one commit.</summary>
    public const int BatchMax = 1_000;

    /// <summary>Text in one commit: what a failing commit may have to undo stays small.</summary>
    public const int BatchCharsMax = 8 * 1024 * 1024;

    /// <summary>Text of one append. A plan of the longest kind is a thousandth of it.</summary>
    public const int AppendCharsMax = 16 * 1024 * 1024;

    /// <summary>Ends of streams that the writer remembers.</summary>
    public const int HeadsMax = 50_000;

    public const int IdleReadersMax = 8;

    /// <summary>What is given back to a full disk, so that releases under way can still be ended.</summary>
    public const long ReserveBytes = 16 * 1024 * 1024;

    /// <summary>The file that holds what is not yet in the database is cut back to this.</summary>
    public const long WalBytesKept = 64 * 1024 * 1024;

    public const int BusySecondsMax = 5;
}

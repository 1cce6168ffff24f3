namespace Slipway.Adapters.Sqlite;

static class Limits
{
    /// <summary>Ends of streams that the writer remembers.</summary>
    public const int HeadsMax = 50_000;

    public const int IdleReadersMax = 8;

    /// <summary>What is given back to a full disk, so that releases under way can still be ended.</summary>
    public const long ReserveBytes = 16 * 1024 * 1024;

    /// <summary>The file that holds what is not yet in the database is cut back to this.</summary>
    public const long WalBytesKept = 64 * 1024 * 1024;

    public const int BusySecondsMax = 5;
}

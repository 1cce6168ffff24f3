namespace Slipway.Adapters.Sqlite;

/// <summary>Where a journal lies: the files of one folder.</summary>
sealed record Place(string Folder)
{
    public string Database { get; } = Path.Combine(Folder, "journal.db");
    public string Lock { get; } = Path.Combine(Folder, "journal.lock");
    public string Reserve { get; } = Path.Combine(Folder, "journal.reserve");

    /// <summary>Written by SQLite; part of the database until it is folded in.</summary>
    public string Wal => Database + "-wal";

    /// <summary>A new database becomes one by a rename: a crash while it is made leaves no half of it.</summary>
    public string Unborn => Database + ".new";
}

namespace Slipway.Adapters.Sqlite;

/// <summary>Where a journal lies: the files of one folder.</summary>
sealed record Place(string Folder)
{
    public string Database { get; } = Path.Combine(Folder, "journal.db");
    public string Lock { get; } = LockOf(Folder);
    public string Reserve { get; } = Path.Combine(Folder, "journal.reserve");

    /// <summary>Written by SQLite; part of the database until it is folded in.</summary>
    public string Wal => Database + "-wal";

    /// <summary>A new database becomes one by a rename: a crash while it is made leaves no half of it.</summary>
    public string Unborn => Database + ".new";

    /// <summary>Whoever holds it keeps the processes of the folder too, wherever the journal is.</summary>
    public static string LockOf(string folder) => Path.Combine(folder, "journal.lock");
}

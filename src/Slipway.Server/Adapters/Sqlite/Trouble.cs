using Microsoft.Data.Sqlite;
using Slipway.Running;

namespace Slipway.Adapters.Sqlite;

/// <summary>SQLite's error codes, in words that say what to do.</summary>
static class Trouble
{
    const int Busy = 5, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;
    const int ReadOnlyFolder = 1544, NoRoomForIndex = 4874;

    public static bool IsFull(Exception e) =>
        e is SqliteException { SqliteErrorCode: Full } or SqliteException { SqliteExtendedErrorCode: NoRoomForIndex };

    /// <summary>What may pass by itself is an I/O error; a journal that needs a person is a journal error.</summary>
    public static Exception Of(SqliteException e, Place place) =>
        e.SqliteErrorCode is Busy or Full or InputOutput or ReadOnly or CannotOpen
            ? new IOException(Words(e, place), e)
            : Refusal(e, place);

    public static JournalException Refusal(SqliteException e, Place place) => new(Words(e, place), e);

    static string Words(SqliteException e, Place place) =>
        Sentence(e, place) + $" (SQLite {e.SqliteErrorCode}/{e.SqliteExtendedErrorCode})";

    static string Sentence(SqliteException e, Place place) => (e.SqliteErrorCode, e.SqliteExtendedErrorCode) switch
    {
        (Full, _) or (_, NoRoomForIndex) => FullDisk(place),
        (Busy, _) => $"Another program keeps {place.Database} locked: close it, Slipway needs the file to itself.",
        (_, ReadOnlyFolder) =>
            $"The folder {place.Folder} cannot be written: give the user that runs Slipway the right to write there.",
        (ReadOnly, _) =>
            $"{place.Database} cannot be written: give the user that runs Slipway the right to write it, "
            + "or mount its file system for writing.",
        (InputOutput, _) =>
            $"The disk under {place.Database} fails, or is mounted for reading only: look at the system's log, "
            + "and make a backup elsewhere.",
        (Corrupt, _) => Damaged(place),
        (NotADatabase, _) => $"{place.Database} is not a journal, or its beginning is damaged. {Restore}",
        (CannotOpen, _) =>
            $"{place.Database} cannot be opened: it must be a file in a folder that exists and can be written.",
        _ => $"{place.Database}: {e.Message}.",
    };

    public static string FullDisk(Place place) =>
        $"The disk under {place.Folder} is full: make room there. "
        + "What runs goes on, and the journal can still be read.";

    public static string Damaged(Place place) => $"{place.Database} is damaged. {Restore}";

    public const string Restore = "Keep a copy of it for later, and put the newest backup in its place.";
}

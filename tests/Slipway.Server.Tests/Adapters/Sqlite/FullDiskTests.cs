using Shouldly;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Sqlite;

public sealed class FullDiskTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [FactNeedingOwnDisk]
    public async Task On_a_full_disk_releases_end_none_begins_reads_go_on_and_room_heals_it()
    {
        var full = $"The disk under {folder.Path} is full: make room there. "
            + "What runs goes on, and the journal can still be read.";

        (await CrashProgram.RunOnOwnDisk(folder.Path, $"exec slipway-crash fill '{folder.Path}'")).ShouldBe(
        [
            "reserve held: True",
            "the disk is full: appends go on",
            $"a deployment: {full} Until then nothing new is begun.",
            "an abort: appended",
            $"no room at all: {full} (SQLite 13/13)",
            "all of it is read: True",
            "with room again: appended",
            "a deployment: appended",
            "reserve held: True",
            "all of it is read: True",
        ]);
    }

    [FactNeedingOwnDisk]
    public async Task A_journal_begins_on_a_full_disk_by_giving_back_its_reserve()
    {
        var lines = await CrashProgram.RunOnOwnDisk(folder.Path, $"exec slipway-crash begin-full '{folder.Path}'");
        lines.Take(2).ShouldBe(["read: 1", "an abort: appended"]);
        lines[2].ShouldStartWith("a deployment: The disk under");
    }

    [FactNeedingOwnDisk]
    public async Task A_file_system_that_is_mounted_for_reading_only_is_named_as_such()
    {
        var lines = await CrashProgram.RunOnOwnDisk(folder.Path,
            $"slipway-crash open '{folder.Path}' && mount -o remount,ro '{folder.Path}' "
            + $"&& slipway-crash open '{folder.Path}'");
        lines[0].ShouldBe("opened");
        lines[1].ShouldContain("journal.lock cannot be written");
        lines[1].ShouldContain("mount it for writing");
    }
}

using Slipway.Adapters.Processes;
using Slipway.Adapters.Processes.Logs;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Processes.Logs;

public sealed class LogFolderTests : IDisposable
{
    const int Megabyte = 1 << 20;

    readonly TemporaryFolder _root = new();
    readonly Troubles _troubles = new();
    long _free = long.MaxValue;

    public void Dispose() => _root.Dispose();

    LogFolder Folder() => new(_root.Path, _troubles, () => _free);

    /// <summary>Lines of 1 KiB, each with its number.</summary>
    LogFile Log(string name, int megabytes)
    {
        var path = Path.Combine(Directory.CreateDirectory(_root.File("shop")).FullName, $"{name}.log");
        using (var file = new StreamWriter(path))
        {
            file.NewLine = "\n";
            for (var i = 0; i < megabytes * 1024; i++) file.WriteLine($"{i:D8}".PadRight(1023, '.'));
        }

        return new(path, name, null, null);
    }

    static HashSet<string> Used(params LogFile[] logs) => [.. logs.Select(log => log.Path)];

    [Fact]
    public void A_log_that_has_grown_too_long_gives_its_front_back_and_keeps_its_offsets()
    {
        var log = Log("shop-r1-1", 70);
        var before = log.Read(60L * Megabyte);
        Folder().Sweep(Used(log)).ShouldBeTrue();

        log.Length.ShouldBe(70L * Megabyte);
        LogFolder.SizeOf(log.Path).ShouldBe(48L * Megabyte);
        (log.Read(60L * Megabyte) == before).ShouldBeTrue();
        // The line at the edge may have lost its beginning, for all that can be seen: the next one is told.
        log.Read(0).Text[..9].ShouldBe($"{22 * 1024 + 1:D8}.");
        log.Read(0).Skipped.ShouldBe(22L * Megabyte + 1024);
    }

    [Fact]
    public void One_within_its_bounds_is_left_alone()
    {
        var log = Log("shop-r1-1", 3);
        Folder().Sweep(Used(log)).ShouldBeFalse();
        LogFolder.SizeOf(log.Path).ShouldBe(3L * Megabyte);
    }

    [Fact]
    public void On_a_disk_that_is_nearly_full_logs_give_way_and_it_is_told_once()
    {
        var (living, ended) = (Log("shop-r2-1", 9), Log("shop-r1-1", 1));
        var told = new List<Trouble>();
        _free = 100 * Megabyte;
        var folder = Folder();
        folder.Sweep(Used(living));
        folder.Sweep(Used(living));

        _troubles.Told += told.Add; // hears what was told before
        told.ShouldHaveSingleItem().What.ShouldStartWith("Only 100 MB are free on the disk of ");
        LogFolder.SizeOf(living.Path).ShouldBe(4L * Megabyte);
        File.Exists(ended.Path).ShouldBeFalse();
    }

    [Fact]
    public void Of_ended_instances_the_newest_logs_are_kept_as_long_as_there_is_room()
    {
        var logs = Enumerable.Range(0, Limits.LogFilesEndedMax + 2).Select(i => Log($"shop-r{i}-1", 0)).ToList();
        foreach (var (i, log) in logs.Index())
            File.SetLastWriteTimeUtc(log.Path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(i));
        Folder().Sweep(Used(logs[0]));

        logs.Where(log => !File.Exists(log.Path)).ShouldBe([logs[1]]);
    }

    [Fact]
    public void Where_holes_are_not_known_the_end_is_kept_and_the_file_begins_anew()
    {
        var log = Log("shop-r1-1", 2);
        using (var file = File.OpenHandle(log.Path, FileMode.Open, FileAccess.ReadWrite))
            LogFolder.BeginAnew(file, log.Length, Megabyte);
        log.Length.ShouldBe(Megabyte);
        log.Read(0).Text[..9].ShouldBe($"{1024:D8}.");
    }
}

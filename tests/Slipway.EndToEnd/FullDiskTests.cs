using Slipway.Support;

namespace Slipway.EndToEnd;

/// <summary>The whole of it on a disk that is full.</summary>
public sealed class FullDiskTests
{
    [FactNeedingOwnDisk]
    public async Task On_a_full_disk_users_are_served_new_releases_are_refused_status_says_so_and_room_heals_it()
    {
        await using var machine = new Machine("1.0", "1.1");
        var up = await machine.UpOnOwnDisk("80m");
        (await machine.Run("deploy", "1.0")).Error.ShouldBe("");
        await using var users = new Users(machine.Listen);

        var filler = $"/proc/{up.Id}/root{machine.Folder}/.slipway/filler";
        Fill(filler);
        var refused = await machine.Run("deploy", "1.1");
        refused.Code.ShouldBe(1, refused.Out);
        refused.Error.ShouldContain("is full: make room there");
        (await machine.Run("status")).Out.ShouldContain("Nothing new can be begun");

        File.Delete(filler);
        (await machine.Run("deploy", "1.1")).Error.ShouldBe("");
        (await machine.Run("status")).Out.ShouldNotContain("Nothing new can be begun");
        await users.Stop();
        users.Failures.ShouldBeEmpty();
    }

    static void Fill(string path)
    {
        var block = new byte[4096];
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // There is no room for one more.
        }
    }
}

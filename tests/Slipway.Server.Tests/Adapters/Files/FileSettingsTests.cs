using Slipway.Adapters.Files;
using Slipway.Decisions;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Files;

public sealed class FileSettingsTests : SettingsCompliance, IDisposable
{
    readonly TemporaryFolder folder = new();

    public FileSettingsTests() => Settings = new FileSettings(folder.Path);

    protected override ISettings Settings { get; }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_new_life_knows_what_was_set_and_refuses_what_is_older()
    {
        await Settings.Set(new("shop", "flag banner", "on", 9), CancellationToken.None);

        var reborn = new FileSettings(folder.Path);
        (await reborn.Look("shop", CancellationToken.None)).ShouldBe([new SeenSetting("flag banner", "on", 9)]);
        await Should.ThrowAsync<OutdatedException>(() =>
            reborn.Set(new("shop", "flag banner", "off", 8), CancellationToken.None));
    }

    [Fact]
    public async Task Services_do_not_know_of_each_other()
    {
        await Settings.Set(new("shop", "flag banner", "on", 9), CancellationToken.None);
        (await Settings.Look("other", CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_is_told_and_a_repetition_is_not()
    {
        var settings = (FileSettings)Settings;
        var told = new List<string>();
        settings.Changed += told.Add;
        await settings.Set(new("shop", "flag banner", "on", 9), CancellationToken.None);
        await settings.Set(new("shop", "flag banner", "on", 9), CancellationToken.None);
        told.ShouldBe(["shop"]);
    }

    [Fact]
    public async Task A_damaged_file_is_an_error_since_to_begin_anew_would_forget_the_fence()
    {
        await Settings.Set(new("shop", "flag banner", "on", 9), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "settings", "shop.json"), "[{");
        Should.Throw<InvalidDataException>(() => {
            new FileSettings(folder.Path).Look("shop", CancellationToken.None); })
            .Message.ShouldContain("is damaged");
    }
}

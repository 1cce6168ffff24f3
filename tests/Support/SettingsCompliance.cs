using Shouldly;
using Slipway.Decisions;
using Slipway.Running;
using Xunit;

namespace Slipway.Support;

/// <summary>What everything promises that keeps flags and schema phases for releases.</summary>
public abstract class SettingsCompliance
{
    static readonly CancellationToken None = CancellationToken.None;

    protected abstract ISettings Settings { get; }

    Task Set(string name, string? value, long since) =>
        Settings.Set(new SettingOrder("shop", name, value, since), None);

    async Task<IEnumerable<SeenSetting>> Look() =>
        (await Settings.Look("shop", None)).OrderBy(setting => setting.Name, StringComparer.Ordinal);

    [Fact]
    public async Task Begin_empty() => (await Look()).ShouldBeEmpty();

    [Fact]
    public async Task What_was_set_is_seen_with_the_sequence_that_asked_for_it()
    {
        await Set("flag new-checkout", "on", since: 3);
        await Set("schema orders", "expanded", since: 4);
        (await Look()).ShouldBe([new("flag new-checkout", "on", 3), new("schema orders", "expanded", 4)]);
    }

    [Fact]
    public async Task No_value_is_a_value_with_its_sequence()
    {
        await Set("flag new-checkout", "on", since: 3);
        await Set("flag new-checkout", null, since: 5);
        (await Look()).ShouldBe([new("flag new-checkout", null, 5)]);
    }

    [Fact]
    public async Task An_older_order_is_refused_and_changes_nothing()
    {
        await Set("flag new-checkout", "on", since: 5);
        await Should.ThrowAsync<OutdatedException>(() => Set("flag new-checkout", "off", since: 4));
        (await Look()).ShouldBe([new("flag new-checkout", "on", 5)]);
    }

    [Fact]
    public async Task Of_orders_that_come_doubled_and_out_of_order_the_newest_counts()
    {
        await Set("flag new-checkout", "on", since: 5);
        await Set("flag new-checkout", null, since: 9);
        await Should.ThrowAsync<OutdatedException>(() => Set("flag new-checkout", "on", since: 5));
        await Set("flag new-checkout", null, since: 9);
        (await Look()).ShouldBe([new("flag new-checkout", null, 9)]);
    }

    [Fact]
    public async Task One_setting_does_not_outdate_another()
    {
        await Set("flag new-checkout", "on", since: 9);
        await Set("flag banner", "on", since: 2);
        (await Look()).Select(setting => setting.Since).ShouldBe([2, 9]);
    }
}

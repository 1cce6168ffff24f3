using Shouldly;
using Slipway.Decisions;
using Slipway.Routing;
using Slipway.Running;
using Xunit;

namespace Slipway.Support;

/// <summary>What everything promises that tells traffic apart.</summary>
public abstract class RouterCompliance
{
    static readonly CancellationToken None = CancellationToken.None;
    static readonly RouteTable First = new(Target.All(new Fleet(1))) { Salt = "shop-1" };
    static readonly RouteTable Second =
        new(Target.Between(new Fleet(1), new Fleet(2), Share.Percent(5))) { Salt = "shop-2" };

    protected abstract IRouter Router { get; }

    Task Apply(RouteTable table, long since) => Router.Apply(new RouteOrder("shop", table, since), None);

    Task<SeenTable> Look() => Router.Look("shop", None);

    [Fact]
    public async Task Begins_closed() => (await Look()).ShouldBe(new SeenTable(RouteTable.Closed, 0));

    [Fact]
    public async Task A_table_is_seen_as_it_was_ordered_with_the_sequence_that_asked_for_it()
    {
        await Apply(Second, since: 4);
        (await Look()).ShouldBe(new SeenTable(Second, 4));
    }

    [Fact]
    public async Task A_newer_table_takes_the_place_of_the_old_one()
    {
        await Apply(First, since: 4);
        await Apply(Second, since: 6);
        (await Look()).ShouldBe(new SeenTable(Second, 6));
    }

    [Fact]
    public async Task An_older_table_is_refused_and_changes_nothing()
    {
        await Apply(Second, since: 6);
        await Should.ThrowAsync<OutdatedException>(() => Apply(First, since: 5));
        (await Look()).ShouldBe(new SeenTable(Second, 6));
    }

    [Fact]
    public async Task Of_tables_that_come_doubled_and_out_of_order_the_newest_counts()
    {
        await Apply(Second, since: 6);
        await Apply(First, since: 8);
        await Should.ThrowAsync<OutdatedException>(() => Apply(Second, since: 6));
        await Apply(First, since: 8);
        (await Look()).ShouldBe(new SeenTable(First, 8));
    }

    [Fact]
    public async Task The_same_table_at_a_later_sequence_is_confirmed_with_that_sequence()
    {
        await Apply(First, since: 4);
        await Apply(First, since: 7);
        (await Look()).ShouldBe(new SeenTable(First, 7));
    }
}

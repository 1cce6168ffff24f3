using Shouldly;
using Slipway.Routing;

namespace Slipway.Plans;

public sealed class ReplaceTests
{
    static IEnumerable<(int Size, int Surge, int Unavailable, int Batch)> EveryBudget() =>
        from size in Enumerable.Range(1, 8)
        from surge in Enumerable.Range(0, size + 2)
        from unavailable in Enumerable.Range(0, size + 1)
        from batch in new[] { 1, 2, 3, 8 }
        where surge + unavailable > 0
        select (size, surge, unavailable, batch);

    [Fact]
    public void No_budget_is_ever_overdrawn()
    {
        foreach (var budget in EveryBudget())
        {
            var (size, surge, unavailable, batch) = budget;
            var (old, young, share) = (size, 0, Share.None);
            foreach (var step in Of(size, surge, unavailable, batch).Steps(old, young))
            {
                if (step is Step.Scale scale) Scale(scale);
                if (step is Step.Shift { Table.Rest: Target.Split } shift) Route(shift.Table);
            }
            (old, young).ShouldBe((0, size), $"{budget}");
            if (size > unavailable) share.ShouldBe(Share.All, $"{budget}");

            void Scale(Step.Scale scale)
            {
                scale.From.ShouldBe(scale.Fleet == Shop.Old ? old : young);
                Math.Abs(scale.To - scale.From).ShouldBeLessThanOrEqualTo(batch);
                if (scale.Fleet == Shop.Old) old = scale.To; else young = scale.To;
                (old + young).ShouldBeInRange(size - unavailable, size + surge, $"{budget}");
            }

            void Route(RouteTable table)
            {
                var next = table.ShareOf(Shop.New);
                (next >= share).ShouldBeTrue($"the share fell from {share} to {next}: {budget}");
                share = next;
            }
        }
    }

    [Fact]
    public void Nobody_is_sent_to_a_fleet_without_instances()
    {
        foreach (var budget in EveryBudget())
        {
            var (size, surge, unavailable, batch) = budget;
            var sizes = new Dictionary<Fleet, int> { [Shop.Old] = size, [Shop.New] = 0 };
            var table = new RouteTable(Target.All(Shop.Old));
            foreach (var step in Of(size, surge, unavailable, batch).Steps(size, 0))
            {
                if (step is Step.Shift shift) table = shift.Table;
                if (step is Step.Scale scale) sizes[scale.Fleet] = scale.To;
                foreach (var fleet in table.Fleets) sizes[fleet].ShouldBeGreaterThan(0, $"{fleet}: {budget}");
            }
        }
    }

    [Fact]
    public void A_share_that_was_reached_is_the_floor_of_the_next_plan()
    {
        var shares = (Of(4, 1, 0, 1) with { Floor = Share.Percent(50) }).Steps(4, 0).OfType<Step.Shift>()
            .Select(shift => shift.Table.ShareOf(Shop.New)).ToList();
        shares.ShouldBe([Share.Percent(50), Share.Percent(75), Share.All], "and no table is asked for twice");
    }

    [Fact]
    public void What_could_never_move_is_refused() =>
        Should.Throw<PlanException>(() => Of(4, 0, 0, 1).Steps(4, 0).ToList());

    /// <summary>Known sequences of peers for the same limits: sizes after each change.</summary>
    [Theory]
    [InlineData(10, 0, 1, 10, "9/0 9/1 8/1 8/2 7/2 7/3 6/3 6/4 5/4 5/5 4/5 4/6 3/6 3/7 2/7 2/8 1/8 1/9 0/9 0/10")]
    [InlineData(1, 1, 0, 1, "1/1 0/1")]
    [InlineData(1, 0, 1, 1, "0/0 0/1")]
    [InlineData(4, 1, 0, 4, "4/1 3/1 3/2 2/2 2/3 1/3 1/4 0/4")]
    [InlineData(4, 4, 0, 4, "4/4 0/4")]
    public void Sizes_move_as_they_do_elsewhere(int size, int surge, int unavailable, int batch, string expected)
    {
        var (old, young) = (size, 0);
        var sizes = new List<string>();
        foreach (var scale in Of(size, surge, unavailable, batch).Steps(size, 0).OfType<Step.Scale>())
        {
            if (scale.Fleet == Shop.Old) old = scale.To; else young = scale.To;
            sizes.Add($"{old}/{young}");
        }
        string.Join(' ', sizes).ShouldBe(expected);
    }

    static Replace Of(int size, int surge, int unavailable, int batch) =>
        new(Shop.Old, Shop.New, size, new(batch, surge, unavailable))
        {
            Split = share => new(Target.Between(Shop.Old, Shop.New, share)),
            Hold = new(new Target.Hold(TimeSpan.FromSeconds(30))),
        };
}

using Slipway.Reports;
using Slipway.Specification;

namespace Slipway.Tests.Reports;

public sealed class SpecDiffTests
{
    static readonly ServiceSpec Shop = new() { Service = "shop", Runtime = new RuntimeSpec.Process(["./shop"]) };

    [Fact]
    public void What_is_new_or_the_same_is_said_so()
    {
        SpecDiff.Of(null, Shop).ShouldBe("it is known from now on");
        SpecDiff.Of(Shop, Shop with { }).ShouldBe("nothing has changed");
    }

    [Fact]
    public void A_change_is_told_by_its_keys_and_values_and_long_ones_by_their_keys() =>
        SpecDiff.Of(Shop, Shop with
        {
            Replicas = 3,
            Traffic = new() { Listen = "127.0.0.1:8080", Drain = TimeSpan.FromSeconds(45) },
            Gates = [new(new GateRule.Compare(Metric.ErrorRate))],
        }).ShouldBe("replicas 1 → 3, traffic.drain 30 s → 45 s, traffic.listen none → 127.0.0.1:8080, "
            + "gates: 1 added");

    [Fact]
    public void Of_a_list_it_is_told_how_many_have_come_gone_or_changed()
    {
        ServiceSpec With(params string[] why) => Shop with
        {
            Windows = why.Select(one => new ChangeWindow(WindowKind.Avoid, [], default, default) { Why = one }).ToSeq(),
        };
        SpecDiff.Of(With("a"), With("a", "b")).ShouldBe("windows: 1 added");
        SpecDiff.Of(With("a", "b"), With("b")).ShouldBe("windows: 1 removed");
        SpecDiff.Of(With("a", "b"), With("b", "c", "d")).ShouldBe("windows: 1 changed, 1 added");
        SpecDiff.Of(With("a", "b"), With("b", "a")).ShouldBe("windows: in another order");
    }

    [Fact]
    public void Of_many_changes_the_first_are_told() =>
        SpecDiff.Of(Shop, Shop with
        {
            Replicas = 3,
            Traffic = new()
            {
                Listen = "127.0.0.1:8080",
                Path = "/shop",
                Drain = TimeSpan.FromMinutes(1),
                Hold = TimeSpan.FromMinutes(1),
                VersionHeader = true,
            },
        }).ShouldEndWith(" and 1 more");
}

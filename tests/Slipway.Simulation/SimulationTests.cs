using System.Diagnostics;
using Shouldly;
using Slipway.Releases;
using Slipway.Simulation.Bugs;
using Slipway.Simulation.World;
using Xunit;

namespace Slipway.Simulation;

/// <summary>As many seeds as fit in twenty seconds, and at least five thousand.</summary>
public sealed class SimulationTests
{
    const ulong AtLeast = 5_000;
    static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);
    static readonly string[] Strategies = ["Recreate", "Rolling", "BlueGreen", "Canary", "AbTest", "Shadow", "ByHand"];

    /// <summary>
    /// What a release can be turned back from; settling is over in the append that begins it.
    /// </summary>
    static readonly string[] Steps =
    [
        "Recreate Ask", "Recreate Scale", "Recreate Shift",
        "Rolling Ask", "Rolling Scale", "Rolling Shift", "Rolling Wait",
        "BlueGreen Ask", "BlueGreen Scale", "BlueGreen Shift", "BlueGreen Wait",
        "Canary Ask", "Canary Scale", "Canary Shift", "Canary Wait",
        "AbTest Ask", "AbTest Scale", "AbTest Shift", "AbTest Wait",
        "Shadow Ask", "Shadow Scale", "Shadow Shift", "Shadow Wait",
        "ByHand Ask", "ByHand Scale", "ByHand Set", "ByHand Shift", "ByHand Wait",
    ];

    /// <summary>All reasons but the two that mean "no reason".</summary>
    static readonly string[] Reasons =
        [.. Enum.GetNames<Reason>().Except([nameof(Reason.None), nameof(Reason.Asked)])];

    static readonly string[] Faults =
    [
        "clock jumps", "clogged call", "command given twice", "crash", "doubled call", "instance dies",
        "instance fails to start", "journal conflict", "lease moves", "lost notice", "lost reply", "lost request",
        "metric source down", "outage", "size changed by hand", "table changed by hand",
    ];

    static readonly Lazy<Seeds.Many> Many = new(() =>
    {
        var watch = Stopwatch.StartNew();
        var started = 0UL;
        return Seeds.Run(1, 1_000_000, enough: () => ++started > AtLeast && watch.Elapsed > Budget);
    });

    public static TheoryData<string> ScenarioNames => [.. Scenario.All.Select(scenario => scenario.Name)];
    public static TheoryData<string> BugNames => [.. Bug.All.Select(bug => bug.Name)];

    [Fact]
    public void Nothing_that_must_never_happen_happens() =>
        Many.Value.Failures.Select(failure => $"seed {failure.Seed}: {failure.Failure!.Message}").ShouldBeEmpty();

    [Fact]
    public void Every_strategy_completes_in_one_seed_of_a_hundred() => Strategies
        .Where(strategy => Percent($"completed: {strategy}") < 1)
        .ShouldBeEmpty();

    [Fact]
    public void Every_strategy_is_turned_back_from_each_of_its_steps_in_one_seed_of_a_hundred() => Steps
        .Where(step => Percent($"turned back: {step}") < 1)
        .ShouldBeEmpty();

    [Fact]
    public void No_step_is_entered_that_the_list_of_steps_to_turn_back_from_lacks() => Many.Value.Reached.Seeds.Keys
        .Where(what => what.StartsWith("entered: ", StringComparison.Ordinal))
        .Select(what => what["entered: ".Length..])
        .Where(step => !step.EndsWith(" Settle", StringComparison.Ordinal))
        .Except(Steps)
        .ShouldBeEmpty();

    [Fact]
    public void Every_reason_to_stop_or_turn_back_occurs_in_one_seed_of_two_thousand() => Reasons
        .Where(reason => Percent($"reason: {reason}") < 0.05)
        .ShouldBeEmpty();

    [Fact]
    public void Every_fault_strikes_in_one_seed_of_a_hundred() => Faults
        .Where(fault => Percent($"fault: {fault}") < 1)
        .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(BugNames))]
    public void A_planted_bug_is_caught(string name)
    {
        var bug = Bug.All.Single(bug => bug.Name == name);
        var found = Scenario.All.Select(scenario => scenario.Play(bug.Wits)).FirstOrDefault(it => it is not null)
            ?? Seeds.FirstFailure(1, AtLeast, bug.Wits)?.Failure;
        found.ShouldNotBeNull($"{name}: survived every scenario and {AtLeast} seeds");
    }

    [Theory]
    [MemberData(nameof(ScenarioNames))]
    public void A_scenario_ends_well(string name) =>
        Scenario.All.Single(scenario => scenario.Name == name).Play(new()).ShouldBeNull();

    [Fact]
    public void A_seed_is_the_same_run_each_time() => Enumerable.Range(1, 20)
        .Where(seed => SeedRun.Run((ulong)seed).Fingerprint != SeedRun.Run((ulong)seed).Fingerprint)
        .ShouldBeEmpty();

    static double Percent(string what) => 100.0 * Many.Value.Reached.Seeds.GetValueOrDefault(what) / Many.Value.Count;
}

using System.Diagnostics;
using Shouldly;
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
    static readonly string[] Faults =
    [
        "clock jumps", "clogged call", "command given twice", "crash", "doubled call", "instance dies",
        "instance fails to start", "journal conflict", "lost notice", "lost reply", "lost request",
        "metric source down", "size changed by hand", "table changed by hand",
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
    public void Every_strategy_is_turned_back_from_each_of_its_steps_in_one_seed_of_a_hundred() => Strategies
        .SelectMany(strategy => Many.Value.Reached.Seeds.Keys
            .Where(what => what.StartsWith($"entered: {strategy} ", StringComparison.Ordinal)))
        .Where(what => !what.EndsWith(" Settle", StringComparison.Ordinal)) // over in the append that begins it
        .Select(what => what.Replace("entered", "turned back", StringComparison.Ordinal))
        .Where(what => Percent(what) < 1)
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

using Slipway.Decisions;
using Slipway.Gates;
using Slipway.Plans;
using Slipway.Specification;

namespace Slipway.Tests.Decisions;

/// <summary>A service on paper whose gates say what a test lets them say.</summary>
static class Judging
{
    static readonly GateSpec Errors = new(new GateRule.Limit(Metric.ErrorRate, Max: 0.01));

    public static Table Judged(StrategySpec strategy, Func<ServiceSpec, ServiceSpec>? change = null) =>
        Table.With(strategy, spec => (change ?? (same => same))(spec with { Gates = [Errors] })).Live();

    /// <summary>The second version has its first share, and the gates watch it.</summary>
    public static Table Watching(StrategySpec strategy)
    {
        var table = Judged(strategy);
        table.Deploy("2.0");
        return table.Until(service => service.Run!.Step is Step.Wait);
    }

    public static void Says(
        Table table, Verdict verdict, long requests, bool harmless = false, bool acts = true, bool answering = true) =>
        table.Look = seen => seen with { Judgement = JudgementOf(table, verdict, requests, harmless, answering, acts) };

    /// <summary>Nothing is proven, and a value is out of its limit.</summary>
    public static void IsOver(Table table, Verdict verdict = Verdict.Undecided) => table.Look = seen => seen with
    {
        Judgement = JudgementOf(table, verdict, 10_000, false, true) with
        {
            Readings = [new Reading("rate", verdict, "rate 90.5 against 99") { OverLimit = true }],
        },
    };

    public static Judgement JudgementOf(
        Table table, Verdict verdict, long requests, bool harmless, bool answering, bool acts = true) => new(
        table.Service.Releases, table.Service.Run?.Entered ?? 0,
        [new Reading("errors", verdict, "errors 5 %", harmless, acts)], requests, answering)
        { At = table.Now };
}

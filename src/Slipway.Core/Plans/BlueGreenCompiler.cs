using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>
/// Green stands beside blue at full size, is checked alone, may be tried with a little traffic that is taken away
/// again, and only then gets everything: at once, or in looks.
/// </summary>
static class BlueGreenCompiler
{
    public static Compiled Compile(Situation s, StrategySpec.BlueGreen spec) => new(
        Budget.Beside(s.Replicas),
        [
            .. Compiler.GrowTo(s, s.CandidateSize, s.Replicas),
            .. Preview(s),
            .. Validate(s, spec.Validate),
            .. Promotion.Asked(s, manual: spec.Promote == Promote.Manual),
            .. Switch(s, spec),
            new Step.Settle(s.Candidate),
        ]);

    static IEnumerable<Step> Preview(Situation s) =>
        Compiler.Smoke(s, s.Preview).DefaultIfEmpty(new Step.Shift(s.Preview));

    /// <summary>
    /// With no traffic it is the preview that is watched: no request is needed, and nothing is taken away.
    /// </summary>
    static IEnumerable<Step> Validate(Situation s, ValidateSpec? validate) => validate switch
    {
        null => [],
        { Traffic.Basis: 0 } => [new Step.Wait(validate.For, 0)],
        _ =>
        [
            new Step.Shift(s.Split(validate.Traffic)),
            new Step.Wait(validate.For, s.Evidence(validate.MinRequests)),
            new Step.Shift(s.Split(Share.None)),
        ],
    };

    /// <summary>
    /// At once there is nothing to look at in between; the monitored time after the release does that.
    /// </summary>
    static IEnumerable<Step> Switch(Situation s, StrategySpec.BlueGreen spec) => spec.Switch.Count == 1
        ? [new Step.Shift(s.Settled)]
        : spec.Switch.SelectMany(share => new Step[]
        {
            new Step.Shift(share == Share.All ? s.Settled : s.Split(share)),
            new Step.Wait(spec.Every, 0),
        });
}

using Slipway.Decisions;
using Slipway.Running;
using Slipway.Releases;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Processes;

public sealed class ProcessFleetsTests : FleetsCompliance, IDisposable
{
    readonly Yard yard = new();

    protected override IFleets Fleets => yard.Fleets;

    protected override Revision Revision(int number) => Yard.Revision(number, "sleep", "1000");

    protected override Task Until(Func<Seq<SeenFleet>, bool> fact) => yard.Until(fact);

    public void Dispose() => yard.Dispose();
}

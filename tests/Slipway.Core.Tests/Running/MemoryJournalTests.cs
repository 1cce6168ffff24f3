using Shouldly;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Running;

public sealed class MemoryJournalTests : JournalCompliance
{
    protected override IJournal Journal { get; } = new MemoryJournal();

    [Fact]
    public void Every_task_is_complete_when_it_is_given_back()
    {
        using var watch = Journal.Watch(_ => { });
        Journal.Append("shop", 0, Events(1, 2), CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
        Journal.Read("shop", 0, CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
        Journal.Streams(CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
        Journal.Save(new("shop", 2, 1, "state"), CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
        Journal.Snapshots(1, CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
    }
}

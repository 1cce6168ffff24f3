using Shouldly;
using Slipway.Routing;
using Slipway.Running;
using Xunit;

namespace Slipway.Support;

/// <summary>What everything promises that passes requests on to instances.</summary>
public abstract class MembersCompliance
{
    static readonly Member One = new(new(1), "shop-r1-1", "127.0.0.1", 5001);

    protected abstract IMembers Members { get; }

    [Fact]
    public async Task A_member_without_requests_is_drained()
    {
        Members.Tell("shop", [One]);
        Members.Tell("shop", [One with { Draining = true }]);
        await Members.Drained("shop", One, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Members.Tell("shop", []);
    }

    [Fact]
    public async Task A_member_that_nobody_was_told_of_is_drained()
    {
        var drained = Members.Drained("other", One, CancellationToken.None);
        await drained.WaitAsync(TimeSpan.FromSeconds(30));
        drained.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void The_same_may_be_told_twice()
    {
        Members.Tell("shop", [One]);
        Members.Tell("shop", [One]);
    }
}

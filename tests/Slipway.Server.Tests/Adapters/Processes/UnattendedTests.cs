using Slipway.Adapters.Processes;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Processes;

public sealed class UnattendedTests : MembersCompliance
{
    protected override IMembers Members { get; } = new Unattended();
}

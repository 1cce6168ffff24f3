using Slipway.Running;
using Slipway.Support;

namespace Slipway.EndToEnd;

public sealed class ForwarderTests : RouterCompliance, IAsyncLifetime
{
    readonly Forwarder _forwarder = new();

    protected override IRouter Router => _forwarder;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _forwarder.DisposeAsync();
}

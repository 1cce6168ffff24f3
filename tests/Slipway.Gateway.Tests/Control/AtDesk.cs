using Slipway.Support;

namespace Slipway.Gateway.Control;

/// <summary>Tests that give orders to a control of their own.</summary>
public abstract class AtDesk : IAsyncLifetime
{
    private protected TemporaryFolder Folder { get; } = new();
    private protected Desk Desk { get; private set; } = null!;

    public async Task InitializeAsync() => Desk = await Desk.Open(Folder);

    public async Task DisposeAsync()
    {
        await Desk.DisposeAsync();
        Folder.Dispose();
    }
}

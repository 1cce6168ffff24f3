using Slipway.Adapters.Postgres;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Postgres;

public sealed class PostgresSettingsTests : SettingsCompliance, IAsyncLifetime
{
    PostgresStore? store;

    protected override ISettings Settings => store!.Settings;

    public async Task InitializeAsync() => store = await Stores.Open();

    public async Task DisposeAsync() => await store!.DisposeAsync();
}

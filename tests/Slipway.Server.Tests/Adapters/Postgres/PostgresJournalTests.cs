using Slipway.Adapters.Postgres;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Postgres;

public sealed class PostgresJournalTests : JournalCompliance, IAsyncLifetime
{
    PostgresStore? store;

    protected override IJournal Journal => store!.Journal;

    public async Task InitializeAsync() => store = await Stores.Open();

    public async Task DisposeAsync() => await store!.DisposeAsync();
}

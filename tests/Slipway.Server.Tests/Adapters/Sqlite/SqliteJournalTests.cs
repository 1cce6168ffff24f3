using Slipway.Adapters.Sqlite;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Sqlite;

public sealed class SqliteJournalTests : JournalCompliance, IAsyncLifetime
{
    readonly TemporaryFolder folder = new();
    SqliteJournal? journal;

    protected override IJournal Journal => journal!;

    public Task InitializeAsync()
    {
        journal = SqliteJournal.Open(folder.Path);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await journal!.DisposeAsync();
        folder.Dispose();
    }
}

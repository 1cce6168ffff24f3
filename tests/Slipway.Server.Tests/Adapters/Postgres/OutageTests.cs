using Slipway.Adapters.Postgres;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Postgres;

/// <summary>On a server of its own, which is stopped in the middle.</summary>
public sealed class OutageTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly CancellationToken None = CancellationToken.None;

    [FactNeedingPostgres]
    public async Task While_the_server_is_down_appends_say_so_and_then_go_on_and_nothing_acknowledged_is_lost()
    {
        using var server = new PostgresServer();
        await using var store = await Stores.Open(Stores.Url(server.Url(server.NewDatabase())));
        (await store.Journal.Append("shop", 0, JournalCompliance.Events(1, 3), None)).ShouldBeTrue();

        server.Stop();
        var failure = await Should.ThrowAsync<IOException>(
            () => store.Journal.Append("shop", 3, JournalCompliance.Events(4, 1), None));
        failure.Message.ShouldContain($"PostgreSQL at {server.Address}");
        await Should.ThrowAsync<IOException>(() => store.Journal.Read("shop", 0, None));

        server.Start();
        (await Appended(store)).ShouldBeTrue();
        (await store.Journal.Read("shop", 0, None)).ShouldBe(JournalCompliance.Events(1, 4));
    }

    [FactNeedingPostgres]
    public async Task What_another_node_appended_while_the_way_was_cut_is_heard_of_afterwards()
    {
        using var server = new PostgresServer();
        var url = Stores.Url(server.Url(server.NewDatabase()));
        await using var store = await Stores.Open(url);
        await using var other = await Stores.Open(url);
        await other.Journal.Append("shop", 0, JournalCompliance.Events(1, 3), None);
        server.Stop();
        server.Start();
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = store.Journal.Watch(stream => heard.TrySetResult(stream));

        (await Appended(other)).ShouldBeTrue();
        (await heard.Task.WaitAsync(Patience)).ShouldBe("shop");
    }

    /// <summary>A connection from before the server was stopped may fail once more.</summary>
    static async Task<bool> Appended(PostgresStore store)
    {
        for (var tries = 0; ; tries++)
            try
            {
                return await store.Journal.Append("shop", 3, JournalCompliance.Events(4, 1), None);
            }
            catch (IOException) when (tries < 5)
            {
                // Its fate is known: nothing was sent.
            }
    }
}

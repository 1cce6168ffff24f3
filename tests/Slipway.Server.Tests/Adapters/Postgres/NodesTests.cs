using Slipway.Adapters.Postgres;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Postgres;

/// <summary>Several control planes on one store.</summary>
public sealed class NodesTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly CancellationToken None = CancellationToken.None;
    static readonly StoreNode First = new("first", "http://127.0.0.1:7400", "machine", "/data");
    static readonly StoreNode Second = First with { Id = "second", Url = "http://127.0.0.1:7401" };

    [FactNeedingPostgres]
    public async Task What_one_node_appends_another_one_hears_and_reads()
    {
        var url = Stores.New();
        await using var one = await Stores.Open(url);
        await using var other = await Stores.Open(url);
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = other.Journal.Watch(stream => heard.TrySetResult(stream));

        await one.Journal.Append("line\nbreak \"quoted\"", 0, JournalCompliance.Events(1, 3), None);
        (await heard.Task.WaitAsync(Patience)).ShouldBe("line\nbreak \"quoted\"");
        (await other.Journal.Read("line\nbreak \"quoted\"", 0, None)).ShouldBe(JournalCompliance.Events(1, 3));
    }

    [FactNeedingPostgres]
    public async Task Of_nodes_that_append_to_the_same_ends_at_once_one_wins_each()
    {
        var url = Stores.New();
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Stores.Open(url)));
        for (var round = 0; round < 10; round++)
        {
            var before = round * 2L;
            var won = await Task.WhenAll(nodes.SelectMany((node, n) => Enumerable.Range(0, 20).Select(async stream =>
                await node.Journal.Append($"{stream}", before, JournalCompliance.Events(before + 1, 2, $"{n}"), None)
                    ? stream
                    : -1)));
            won.Where(stream => stream >= 0).Order().ShouldBe(Enumerable.Range(0, 20));
        }

        foreach (var node in nodes) await node.DisposeAsync();
    }

    [FactNeedingPostgres]
    public async Task One_node_holds_the_lease_and_the_other_takes_it_when_that_one_ends()
    {
        await using var store = await Stores.Open();
        var first = await PostgresLease.Start(store, First, TimeProvider.System, None);
        await using var second = await PostgresLease.Start(store, Second, TimeProvider.System, None);
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        second.Taken += taken.SetResult;
        (first.IsHeld, second.IsHeld, second.Other).ShouldBe((true, false, First));

        await first.DisposeAsync();
        await taken.Task.WaitAsync(Patience);
        (first.IsHeld, second.IsHeld).ShouldBe((false, true));
    }

    [FactNeedingPostgres]
    public async Task A_lease_ends_by_the_nodes_own_clock_when_the_server_is_gone_and_is_taken_again_with_it()
    {
        using var server = new PostgresServer();
        await using var store = await Stores.Open(Stores.Url(server.Url(server.NewDatabase())));
        await using var lease = await PostgresLease.Start(store, First, TimeProvider.System, None);
        lease.IsHeld.ShouldBeTrue();
        server.Stop();
        await Until(() => !lease.IsHeld);
        lease.Failure.ShouldNotBeNull().ShouldContain(server.Address);
        server.Start();
        await Until(() => lease.IsHeld);
    }

    [FactNeedingPostgres]
    public async Task A_node_with_another_folder_or_machine_is_refused_while_the_first_lives()
    {
        await using var store = await Stores.Open();
        await using var first = await PostgresLease.Start(store, First, TimeProvider.System, None);
        (await Refusal(store, Second with { Folder = "/elsewhere" })).ShouldContain("use --data /data.");
        (await Refusal(store, Second with { Machine = "other" })).ShouldContain("share a machine");
    }

    static async Task<string> Refusal(PostgresStore store, StoreNode node) =>
        (await Should.ThrowAsync<JournalException>(
            () => PostgresLease.Start(store, node, TimeProvider.System, None))).Message;

    static async Task Until(Func<bool> fact)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!fact()) await tick.WaitForNextTickAsync(patience.Token);
    }
}

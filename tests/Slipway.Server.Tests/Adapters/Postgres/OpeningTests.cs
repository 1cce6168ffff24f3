using Slipway.Adapters.Postgres;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Postgres;

public sealed class OpeningTests
{
    static PostgresServer Server => PostgresServer.Shared;

    static async Task<string> Refusal(string url) =>
        (await Should.ThrowAsync<JournalException>(() => Stores.Open(Stores.Url(url)))).Message;

    [FactNeedingPostgres]
    public async Task A_wrong_password_is_told_without_it()
    {
        var refusal = await Refusal($"postgres://slipway:wrong@{Server.Address}/postgres");
        refusal.ShouldBe($"PostgreSQL at {Server.Address} does not take the password of slipway: "
            + "correct it in the store's address. (PostgreSQL 28P01)");
    }

    [FactNeedingPostgres]
    public async Task A_missing_database_is_named_with_how_to_create_it() =>
        (await Refusal(Server.Url("nowhere"))).ShouldBe($"PostgreSQL at {Server.Address} has no database nowhere: "
            + "create it there (createdb nowhere), or name another one. (PostgreSQL 3D000)");

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var address = FreePort.Address();
        (await Refusal($"postgres://slipway:x@{address}/slipway")).ShouldBe(
            $"PostgreSQL at {address} cannot be reached (ConnectionRefused): start it, "
            + "or correct the store's address.");
    }

    [FactNeedingPostgres]
    public async Task A_server_is_reached_by_its_unix_socket_too()
    {
        var port = Server.Address.Split(':')[1];
        var user = $"{PostgresServer.User}:{Uri.EscapeDataString(PostgresServer.Password)}";
        var url = Stores.Url($"postgres://{user}@:{port}/{Server.NewDatabase()}?host={Server.Socket}");
        await using var store = await Stores.Open(url);
        (await store.Journal.Append("shop", 0, JournalCompliance.Events(1, 1), CancellationToken.None)).ShouldBeTrue();
    }

    [FactNeedingPostgres]
    public async Task Tls_that_the_server_does_not_speak_is_told() =>
        (await Refusal($"{Server.Url("postgres")}?sslmode=require")).ShouldContain("SSL");

    [FactNeedingPostgres]
    public async Task Somebody_who_may_not_create_the_tables_is_told_what_to_grant()
    {
        var database = Server.NewDatabase();
        Server.Ask(database, $"CREATE ROLE {database}_reader LOGIN PASSWORD 'reader'");
        (await Refusal($"postgres://{database}_reader:reader@{Server.Address}/{database}"))
            .ShouldContain($"GRANT CREATE, CONNECT ON DATABASE {database} TO {database}_reader.");
    }

    [FactNeedingPostgres]
    public async Task A_schema_of_that_name_that_is_not_ours_is_left_alone()
    {
        var database = Server.NewDatabase();
        Server.Ask(database, "CREATE SCHEMA slipway; CREATE TABLE slipway.boat (name text)");
        (await Refusal(Server.Url(database))).ShouldContain("has a schema slipway that is not a journal of Slipway");
        Server.Ask(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'slipway'").ShouldBe("1");
    }

    [FactNeedingPostgres]
    public async Task A_store_of_a_newer_Slipway_is_refused()
    {
        var url = Stores.New();
        await (await Stores.Open(url)).DisposeAsync();
        Server.Ask(url.Database, "UPDATE slipway.version SET number = 7");
        (await Should.ThrowAsync<JournalException>(() => Stores.Open(url))).Message.ShouldBe(
            $"The journal in {url} has format 7, and this Slipway knows up to 1: run the newer Slipway that wrote it.");
    }

    [FactNeedingPostgres]
    public async Task A_store_of_an_older_Slipway_is_brought_up_to_date()
    {
        var url = Stores.New();
        await (await Stores.Open(url)).DisposeAsync();
        var steps = Schema.Steps.Add("ALTER TABLE slipway.event ADD COLUMN node text");
        await (await PostgresStore.Open(url, steps, CancellationToken.None)).DisposeAsync();
        Server.Ask(url.Database, "SELECT number FROM slipway.version").ShouldBe("2");
    }

    [FactNeedingPostgres]
    public async Task Of_many_that_open_a_new_store_at_once_one_makes_its_tables()
    {
        var url = Stores.New();
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Stores.Open(url)));
        foreach (var store in stores) await store.DisposeAsync();
        Server.Ask(url.Database, "SELECT count(*) FROM slipway.version").ShouldBe("1");
    }

    [Fact]
    public void A_server_that_is_too_old_is_told_with_what_is_needed() =>
        Trouble.TooOld(Stores.Url("postgres://ann@db/slipway"), 12).Message.ShouldBe(
            "PostgreSQL at db:5432 is version 12, and Slipway needs 13 or newer: "
            + "upgrade the server, or name another one.");
}

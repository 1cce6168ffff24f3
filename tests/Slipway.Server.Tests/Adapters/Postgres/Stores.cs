using Slipway.Adapters.Postgres;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Postgres;

/// <summary>Stores on the server that all tests share, each in a database of its own.</summary>
static class Stores
{
    public static StoreUrl New() => Url(PostgresServer.Shared.Url(PostgresServer.Shared.NewDatabase()));

    public static StoreUrl Url(string url) => StoreUrl.Parse(url, _ => null);

    public static Task<PostgresStore> Open() => Open(New());

    public static Task<PostgresStore> Open(StoreUrl url) => PostgresStore.Open(url, CancellationToken.None);
}

using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using Slipway.Running;

namespace Slipway.Adapters.Postgres;

/// <summary>What the server or the way to it says no with, in words that say what to do.</summary>
static class Trouble
{
    /// <summary>
    /// What the driver says when the server, or the way to it, fails: of a connection that breaks while it is waited
    /// for also that somebody has disposed it.
    /// </summary>
    public static bool IsPassing(Exception e) =>
        e is NpgsqlException or IOException or SocketException or ObjectDisposedException;

    /// <summary>Whatever a server says may pass: it is started again, mended, or given room.</summary>
    public static IOException Passing(Exception e, StoreUrl url) => new(Words(e, url), e);

    /// <summary>At the start, where somebody can mend it.</summary>
    public static JournalException Refusal(Exception e, StoreUrl url) => new(Words(e, url), e);

    public static JournalException TooOld(StoreUrl url, int version) => new(
        $"PostgreSQL at {url.Server} is version {version}, and Slipway needs {Limits.VersionMin} or newer: "
        + "upgrade the server, or name another one.");

    public static JournalException Newer(StoreUrl url, int version, int known) => new(
        $"The journal in {url} has format {version}, and this Slipway knows up to {known}: "
        + "run the newer Slipway that wrote it.");

    public static JournalException Foreign(StoreUrl url) => new(
        $"{url} has a schema slipway that is not a journal of Slipway. Rename that schema, or name another database.");

    public static JournalException Copy(StoreUrl url) => new(
        $"PostgreSQL at {url.Server} is a copy that can only be read: name the primary server.");

    static string Words(Exception e, StoreUrl url) => e switch
    {
        PostgresException server => Said(server, url),
        _ when Find<AuthenticationException>(e) is { } tls =>
            $"TLS to PostgreSQL at {url.Server} failed: {tls.Message} "
            + "Look at sslmode and sslrootcert of the store's address.",
        _ when Find<SocketException>(e) is { } socket =>
            $"PostgreSQL at {url.Server} cannot be reached ({socket.SocketErrorCode}): start it, or correct the "
            + "store's address.",
        _ when Find<TimeoutException>(e) is not null =>
            $"PostgreSQL at {url.Server} does not answer: look whether it is overloaded or stopped.",
        _ => $"PostgreSQL at {url.Server}: {e.Message}.",
    };

    static string Said(PostgresException e, StoreUrl url) => Sentence(e, url) + $" (PostgreSQL {e.SqlState})";

    static string Sentence(PostgresException e, StoreUrl url) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword =>
            $"PostgreSQL at {url.Server} does not take the password of {url.User}: correct it in the store's address.",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"PostgreSQL at {url.Server} does not let {url.User} in: {e.MessageText}. "
            + "Look at pg_hba.conf there, or at sslmode of the store's address.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"PostgreSQL at {url.Server} has no database {url.Database}: create it there (createdb {url.Database}), "
            + "or name another one.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"{url.User} may not do what Slipway needs in {url.Database}: {e.MessageText}. To allow it: "
            + $"GRANT CREATE, CONNECT ON DATABASE {url.Database} TO {url.User}.",
        PostgresErrorCodes.TooManyConnections =>
            $"PostgreSQL at {url.Server} has no connection left: raise max_connections, or end other clients.",
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown =>
            $"PostgreSQL at {url.Server} is starting or stopping: wait until it is up.",
        PostgresErrorCodes.DiskFull => $"The disk of PostgreSQL at {url.Server} is full: make room there.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"{url.Database} at {url.Server} can only be read: name the primary server, or allow writing.",
        PostgresErrorCodes.QueryCanceled => $"PostgreSQL at {url.Server} took too long: look what keeps it busy.",
        _ => $"PostgreSQL at {url.Server}: {e.MessageText}.",
    };

    static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
            if (e is T found) return found;
        return null;
    }
}

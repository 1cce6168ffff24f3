using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Slipway.Adapters.Commands;

namespace Slipway.Adapters.Postgres;

/// <summary>
/// Where a PostgreSQL store is: postgres://user:password@host:port/database?sslmode=require. The password is told to
/// the server that it is for, and to nobody else.
/// </summary>
public sealed partial class StoreUrl
{
    const string Shape = "Write it like postgres://user:${PASSWORD}@host:5432/database.";

    static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["host"] = "Host",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
    };

    readonly string connection;

    StoreUrl(NpgsqlConnectionStringBuilder said)
    {
        var place = said.Host!.StartsWith('/') ? $"/{said.Database}?host={said.Host}"
            : $"{(said.Host.Contains(':') ? $"[{said.Host}]" : said.Host)}:{said.Port}/{said.Database}";
        (Server, Database, User) = (said.Host.StartsWith('/') ? said.Host : $"{said.Host}:{said.Port}",
            said.Database!, said.Username!);
        Shown = $"postgres://{said.Username}@{place}";
        connection = said.ToString();
    }

    /// <summary>Without the password.</summary>
    public string Shown { get; }
    public string Server { get; }
    public string Database { get; }
    public string User { get; }

    public override string ToString() => Shown;

    /// <param name="variable">What ${NAME} stands for.</param>
    /// <exception cref="FormatException">It is none; the message says what to write, and holds no secret.</exception>
    public static StoreUrl Parse(string text, Func<string, string?> variable)
    {
        var variables = new Variables(variable);
        try
        {
            // The whole of it in a variable is text to be read; a variable within it is one part, whatever is in it.
            if (Whole().IsMatch(text)) text = variables.Resolve(text);
            var parts = Parts().Match(text);
            if (!parts.Success) throw new FormatException($"the store is no address of PostgreSQL. {Shape}");
            return new(Read(parts, part => variables.Resolve(Uri.UnescapeDataString(part))));
        }
        catch (MissingVariableException e)
        {
            throw new FormatException(
                $"the store names ${{{e.Name}}}, which is not set. Set {e.Name} where slipway up is started.", e);
        }
    }

    internal NpgsqlDataSource Open(Action<NpgsqlConnectionStringBuilder> set)
    {
        var options = new NpgsqlConnectionStringBuilder(connection);
        set(options);
        return new NpgsqlDataSourceBuilder(options.ToString()).Build();
    }

    static NpgsqlConnectionStringBuilder Read(Match parts, Func<string, string> value)
    {
        string? Part(string name) =>
            parts.Groups[name] is { Success: true, Length: > 0 } part ? value(part.Value) : null;

        var said = new NpgsqlConnectionStringBuilder
        {
            Host = Part("host")?.Trim('[', ']') ?? "localhost",
            Username = Part("user") ?? Environment.UserName,
            Password = Part("password"),
            Database = Part("database")
                ?? throw new FormatException($"the store's address names no database. {Shape}"),
        };
        if (Part("port") is { } port)
            said.Port = int.TryParse(port, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65_536
                ? number
                : throw new FormatException($"the store's port is no number from 1 to 65535. {Shape}");
        foreach (var option in parts.Groups["options"].Value.Split('&', StringSplitOptions.RemoveEmptyEntries))
            Set(said, option, value);
        return said;
    }

    static void Set(NpgsqlConnectionStringBuilder said, string option, Func<string, string> value)
    {
        var words = option.Split('=', 2);
        if (words.Length != 2 || !Options.TryGetValue(words[0], out var key))
            throw new FormatException(
                $"the store's address has an option {words[0]}, which is none of {string.Join(", ", Options.Keys)}.");
        try
        {
            // libpq writes verify-full, Npgsql VerifyFull.
            said[key] = words[0] == "sslmode"
                ? value(words[1]).Replace("-", "", StringComparison.Ordinal)
                : value(words[1]);
        }
        catch (ArgumentException e)
        {
            throw new FormatException(
                $"the store's {words[0]} is not one that there is: for sslmode write disable, prefer, require, "
                + "verify-ca or verify-full.", e);
        }
    }

    [GeneratedRegex(@"^\$\{[A-Za-z_][A-Za-z0-9_]*\}$")]
    private static partial Regex Whole();

    // The user's part ends at the last @, so that a password need not be escaped for one.
    [GeneratedRegex(
        @"^postgres(?:ql)?://(?:(?<user>[^:/?]*?)(?::(?<password>[^/?]*))?@)?"
        + @"(?<host>\[[^\]]+\]|[^:/?@]*)(?::(?<port>[^/?]*))?(?:/(?<database>[^?]*))?(?:\?(?<options>.*))?$")]
    private static partial Regex Parts();
}

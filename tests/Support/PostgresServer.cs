using System.Diagnostics;
using System.Globalization;

namespace Slipway.Support;

/// <summary>A real PostgreSQL in a folder of its own, on a port of its own, gone with whoever started it.</summary>
public sealed class PostgresServer : IDisposable
{
    public const string User = "slipway", Password = "not:a/secret";

    static readonly Lazy<PostgresServer> All = new(() =>
    {
        var server = new PostgresServer();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    });

    readonly TemporaryFolder _folder = new();
    readonly string _port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
    readonly string _option;
    int _databases;

    /// <param name="option">Tests crash servers, but never machines: what they wrote need not reach the disk.</param>
    public PostgresServer(string option = "fsync=off")
    {
        _option = option;
        File.WriteAllText(_folder.File("password"), Password);
        // The server refuses to run as root: there it runs as the user who owns nothing else.
        if (Environment.IsPrivilegedProcess) Run("chown", "-R", "nobody:nogroup", _folder.Path);
        AsServer("initdb", "-D", Data, "-U", User, "--auth=scram-sha-256", $"--pwfile={_folder.File("password")}",
            "--encoding=UTF8", "--no-locale", "--no-sync");
        Start();
    }

    /// <summary>One for all tests that leave it running.</summary>
    public static PostgresServer Shared => All.Value;

    /// <summary>Where the server's programs are; null where it is not installed.</summary>
    public static string? Programs => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin"))
            : [])
        .FirstOrDefault(folder => new[] { "initdb", "pg_ctl", "psql" }
            .All(program => File.Exists(Path.Combine(folder, program))));

    public string Address => $"127.0.0.1:{_port}";

    /// <summary>The folder of its Unix socket.</summary>
    public string Socket => _folder.Path;

    string Data => _folder.File("data");

    public string Url(string database) =>
        $"postgres://{User}:{Uri.EscapeDataString(Password)}@{Address}/{database}";

    /// <summary>An empty database of its own.</summary>
    public string NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        Ask("postgres", $"CREATE DATABASE {name} TEMPLATE template0");
        return name;
    }

    /// <summary>What psql says to a statement, without decoration.</summary>
    public string Ask(string database, string sql) => Run(Program("psql"),
        "-h", "127.0.0.1", "-p", _port, "-U", User, "-d", database, "-v", "ON_ERROR_STOP=1", "-tAqc", sql);

    public void Start() => AsServer("pg_ctl", "-D", Data, "-l", _folder.File("log"), "-w", "-t", "60", "-o",
        $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder.Path} -c {_option}", "start");

    /// <summary>At once, as a crash would end it: nothing is finished.</summary>
    public void Stop() => AsServer("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) Stop();
        _folder.Dispose();
    }

    static string Program(string name) => Path.Combine(
        Programs ?? throw new InvalidOperationException(
            "PostgreSQL is not installed: apt-get install postgresql (the script 'test' does)."), name);

    void AsServer(string program, params string[] words)
    {
        if (Environment.IsPrivilegedProcess)
            Run("setpriv", ["--reuid=nobody", "--regid=nogroup", "--clear-groups", Program(program), .. words]);
        else
            Run(Program(program), words);
    }

    string Run(string program, params string[] words)
    {
        // What is said goes to a file: a server that is started here would keep a pipe open for good.
        var said = Path.Combine(Path.GetTempPath(), $"slipway-{Guid.NewGuid():N}");
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", said, program, .. words])
        {
            WorkingDirectory = _folder.Path,
        };
        start.Environment["PGPASSWORD"] = Password;
        using var process = Process.Start(start)!;
        process.WaitForExit();
        var text = File.ReadAllText(said).Trim();
        File.Delete(said);
        return process.ExitCode == 0
            ? text
            : throw new InvalidOperationException($"{program} {string.Join(' ', words)}: {text}");
    }
}

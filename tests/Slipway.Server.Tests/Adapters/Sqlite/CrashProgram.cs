using System.Diagnostics;

namespace Slipway.Tests.Adapters.Sqlite;

/// <summary>The program that is there to be killed, as a process of its own.</summary>
static class CrashProgram
{
    static readonly string Path = System.IO.Path.Combine(AppContext.BaseDirectory, "Slipway.Crash.dll");

    /// <summary>Runs to its end, or until <paramref name="enough"/> lines have come: then it is killed as by kill
    /// -9.</summary>
    public static Task<Seq<string>> RunUntilLine(int enough, params ReadOnlySpan<string> arguments) =>
        Run(Start([], arguments), enough);

    public static Task<Seq<string>> Run(params ReadOnlySpan<string> arguments) => Run(Start([], arguments));

    /// <summary>As a user who owns nothing: the superuser may write where nobody else may.</summary>
    public static Task<Seq<string>> RunAsOrdinaryUser(params ReadOnlySpan<string> arguments) => Run(Start(
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [],
        arguments));

    public static Task<Seq<string>> RunWith(string variable, params ReadOnlySpan<string> arguments)
    {
        var start = Start([], arguments);
        start.Environment[variable] = "1";
        return Run(start);
    }

    /// <summary>
    /// On a disk that only this process and its children see; "slipway-crash" in the script is this program.
    /// </summary>
    public static async Task<Seq<string>> RunOnOwnDisk(string folder, string script)
    {
        var whole = $"mount -t tmpfs -o size=48m tmpfs '{folder}' && "
            + script.Replace("slipway-crash", $"dotnet '{Path}'", StringComparison.Ordinal);
        return await Run(new ProcessStartInfo("unshare", ["-rm", "sh", "-c", whole]));
    }

    /// <summary>
    /// Killed when a thread of it is about to write to the file for the n-th time: moments that no random kill would
    /// hit.
    /// </summary>
    public static Task<Seq<string>> RunUntilWrite(int n, string file, params ReadOnlySpan<string> arguments) =>
        Run(Start(
            ["strace", "-f", "-o", "/dev/null", "-P", file, "-e", "trace=write,pwrite64",
                "-e", $"inject=write,pwrite64:signal=SIGKILL:when={n}"],
            arguments));

    static ProcessStartInfo Start(ReadOnlySpan<string> around, ReadOnlySpan<string> arguments)
    {
        string[] all = [.. around, "dotnet", Path, .. arguments];
        return new(all[0], all[1..]);
    }

    static async Task<Seq<string>> Run(ProcessStartInfo start, int enough = int.MaxValue)
    {
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (lines.Count == enough) process.Kill();
        }
        await process.WaitForExitAsync();
        return lines.ToSeq();
    }
}

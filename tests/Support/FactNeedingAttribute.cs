using System.Diagnostics;
using Xunit;

namespace Slipway.Support;

/// <summary>A test that needs programs which not every machine has: skipped, saying so, where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FactNeedingAttribute : FactAttribute
{
    public FactNeedingAttribute(params string[] programs)
    {
        Programs = programs;
        if (programs.FirstOrDefault(program => !IsFound(program)) is { } missing)
            Skip = $"needs {missing}, which is not on the PATH: the script 'test' installs it";
    }

    public IReadOnlyList<string> Programs { get; }

    static bool IsFound(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}

/// <summary>A test on a small disk of its own, mounted where only its processes see it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactNeedingOwnDiskAttribute : FactNeedingAttribute
{
    static readonly Lazy<bool> MayMount = new(TryMount);

    public FactNeedingOwnDiskAttribute() : base("unshare", "mount")
    {
        if (Skip is null && !MayMount.Value) Skip = "needs the right to mount in a namespace of its own (unshare -rm)";
    }

    static bool TryMount()
    {
        string[] arguments = ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"];
        using var process = Process.Start(new ProcessStartInfo("unshare", arguments)
        {
            RedirectStandardError = true,
        })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A test on a PostgreSQL of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactNeedingPostgresAttribute : FactAttribute
{
    public FactNeedingPostgresAttribute()
    {
        if (PostgresServer.Programs is null) Skip = "needs PostgreSQL: the script 'test' installs it";
    }
}

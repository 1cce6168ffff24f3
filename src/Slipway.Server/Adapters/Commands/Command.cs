using System.Diagnostics;

namespace Slipway.Adapters.Commands;

/// <summary>What a short command said and how it ended.</summary>
sealed record CommandEnd(int Code, string Output);

/// <summary>
/// A command that is run to its end: a probe, a smoke test, a hook. No shell, an environment of its own.
/// </summary>
sealed record Command(IReadOnlyList<string> Line, string Directory)
{
    const int OutputMax = 4_000;

    public IEnumerable<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Ends it with all its children when <paramref name="cancel"/> says so.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public async Task<CommandEnd> Run(CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Line[0], Line.Skip(1))
        {
            WorkingDirectory = Directory, RedirectStandardInput = true,
                RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Environment) start.Environment[name] = value;

        using var process = new Process { StartInfo = start };
        process.Start();
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return new(process.ExitCode, Last($"{await output}{await errors}"));
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    static string Last(string text) => (text.Length <= OutputMax ? text : text[^OutputMax..]).Trim();
}

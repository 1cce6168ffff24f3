using System.Diagnostics;
using System.Text;

namespace Slipway.Adapters.Commands;

/// <summary>What a short command said and how it ended.</summary>
/// <param name="Output">The end of all that it wrote.</param>
sealed record CommandEnd(int Code, string Output)
{
    /// <summary>What it wrote to its standard output alone.</summary>
    public string Printed { get; init; } = "";
}

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
            WorkingDirectory = Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Environment) start.Environment[name] = value;

        using var process = new Process { StartInfo = start };
        process.Start();
        process.StandardInput.Close();
        try
        {
            var output = Read(process.StandardOutput, cancel);
            var errors = Read(process.StandardError, cancel);
            await process.WaitForExitAsync(cancel);
            return new(process.ExitCode, Last($"{await output}{await errors}")) { Printed = Last(await output) };
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>To the end, but never more of it in memory than is told: a command may talk without end.</summary>
    static async Task<string> Read(StreamReader from, CancellationToken cancel)
    {
        var (buffer, text) = (new char[OutputMax], new StringBuilder());
        while (await from.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            text.Append(buffer, 0, read);
            if (text.Length > OutputMax) text.Remove(0, text.Length - OutputMax);
        }

        return text.ToString();
    }

    static string Last(string text) => (text.Length <= OutputMax ? text : text[^OutputMax..]).Trim();
}

using System.Diagnostics;
using System.Text;

namespace Slipway.EndToEnd;

/// <summary>Slipway as it was built, run as a person runs it.</summary>
sealed class Program : IAsyncDisposable
{
    static readonly TimeSpan Most = TimeSpan.FromMinutes(4);

    readonly Process _process = new();
    readonly StringBuilder _output = new();
    readonly List<(string Text, TaskCompletionSource Said)> _awaited = [];

    /// <summary>What it has written so far, to both of its ends.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public static Program Start(params string[] args)
    {
        var program = new Program();
        // Started from a script's background everything ignores an interrupt, and so does what it starts in turn.
        program._process.StartInfo = new("env", ["--default-signal=INT", "dotnet", Machine.Program, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            Environment = { ["LANG"] = "C.UTF-8", ["LC_ALL"] = "C.UTF-8", ["NO_COLOR"] = "1" },
        };
        program._process.OutputDataReceived += (_, line) => program.Hear(line.Data);
        program._process.ErrorDataReceived += (_, line) => program.Hear(line.Data);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Processes that run in this folder.</summary>
    public static IReadOnlyList<string> In(string folder) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(process => new FileInfo(Path.Combine(process, "cwd")))
            .Where(cwd => Target(cwd)?.StartsWith(folder, StringComparison.Ordinal) == true)
            .Select(cwd => cwd.FullName),
    ];

    /// <summary>Ends when it has written this.</summary>
    public async Task Says(string text)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            if (_output.ToString().Contains(text, StringComparison.Ordinal)) return;
            _awaited.Add((text, said));
        }

        if (await Task.WhenAny(said.Task, _process.WaitForExitAsync()).WaitAsync(Most) != said.Task)
            throw new InvalidOperationException($"it has ended without \"{text}\":\n{Output}");
    }

    /// <summary>As ctrl-C does.</summary>
    public void Interrupt() => Signal("-INT");

    /// <summary>As closing its terminal does.</summary>
    public void HangUp() => Signal("-HUP");

    void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitCode()
    {
        await _process.WaitForExitAsync().WaitAsync(Most);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    void Hear(string? line)
    {
        if (line is null) return;
        lock (_output)
        {
            _output.AppendLine(line);
            foreach (var (text, said) in _awaited)
                if (line.Contains(text, StringComparison.Ordinal)) said.TrySetResult();
        }
    }

    static string? Target(FileInfo link)
    {
        try
        {
            return link.LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended meanwhile
        }
    }
}

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
    public IEnumerable<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>
    /// Its output is complete when it has ended itself. Whatever it has started ends with it, also when
    /// <paramref name="cancel"/> says so.
    /// </summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public async Task<CommandEnd> Run(CancellationToken cancel)
    {
        var child = new Child(Line, Directory, Environment.Select(each => $"{each.Key}={each.Value}"));
        try
        {
            return await child.Ended.WaitAsync(cancel);
        }
        finally
        {
            child.Kill();
        }
    }
}

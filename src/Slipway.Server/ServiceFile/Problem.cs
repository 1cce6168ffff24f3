namespace Slipway.ServiceFile;

/// <summary>
/// A place in the file. Lines and columns count from 1; <paramref name="Length"/> characters are meant.
/// </summary>
public readonly record struct At(int Line, int Column, int Length)
{
    public static readonly At Start = new(1, 1, 1);
}

public enum ProblemSeverity { Error, Warning }

/// <summary>What is wrong, with the offending value, and where.</summary>
public sealed record Problem(At At, string Message)
{
    public ProblemSeverity Severity { get; init; } = ProblemSeverity.Error;

    /// <summary>What to write instead, short enough to stand at the caret.</summary>
    public string Hint { get; init; } = "";

    /// <summary>A sentence below the excerpt: the keys that are allowed here.</summary>
    public string? More { get; init; }
}

/// <summary>Collects all problems of a file, so that one run tells everything.</summary>
internal sealed class Problems
{
    readonly List<Problem> found = [];

    public int Errors { get; private set; }

    /// <summary>In the order of the file, each inside it: a parser may point behind the end.</summary>
    public IReadOnlyList<Problem> Within(IReadOnlyList<string> lines) =>
    [
        .. found.Select(problem => problem with { At = Inside(problem.At, lines) })
            .OrderBy(problem => problem.At.Line).ThenBy(problem => problem.At.Column),
    ];

    static At Inside(At at, IReadOnlyList<string> lines)
    {
        var line = Math.Clamp(at.Line, 1, lines.Count);
        return new(line, Math.Clamp(at.Column, 1, lines[line - 1].Length + 1), at.Length);
    }

    public void Add(At at, string message, string hint = "", string? more = null)
    {
        Errors++;
        if (found.Count < Limits.Problems) found.Add(new(at, message) { Hint = hint, More = more });
    }

    public void Warn(At at, string message, string hint = "")
    {
        if (found.Count < Limits.Warnings)
            found.Add(new(at, message) { Hint = hint, Severity = ProblemSeverity.Warning });
    }
}

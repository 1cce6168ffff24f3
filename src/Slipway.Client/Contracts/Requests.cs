using System.Text.Json.Serialization;

namespace Slipway.Client;

/// <summary>A version that somebody wants released.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeployRequest(string Version)
{
    public string? Cause { get; init; }
    public string? Commit { get; init; }
    public DateTimeOffset? CommitTime { get; init; }

    /// <summary>Why it does not wait for a change window, nor for the circuit breaker.</summary>
    public string? Emergency { get; init; }

    /// <summary>
    /// supersede, queue or refuse: what becomes of a running release; the service's own rule when not given.
    /// </summary>
    public string? OnNewer { get; init; }

    /// <summary>Begin although a source that gates ask is silent: the release stays undecided without it.</summary>
    public bool Blind { get; init; }
}

/// <summary>What goes with a command on a release. Each command reads only what is its own.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CommandRequest
{
    /// <summary>promote: skip every wait that is left, not just this one.</summary>
    public bool Full { get; init; }

    /// <summary>hold: the share that the new version keeps, like "10%".</summary>
    public string? At { get; init; }

    /// <summary>abort: do not wait for requests under way.</summary>
    public bool Now { get; init; }

    /// <summary>undo: a revision's number, or a version; the one before when not given.</summary>
    public string? To { get; init; }

    /// <summary>approve, reject: why.</summary>
    public string? Why { get; init; }
}

/// <summary>A slipway.yaml, whole: the control plane reads it, and answers with every problem at once.</summary>
/// <param name="Folder">Where relative paths in it begin.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ServiceRequest(string File, string Yaml, string Folder);

/// <summary>What the control plane did with a command.</summary>
public sealed record CommandReply(string Service, int? Release, string Text);

/// <summary>An error as RFC 9457 has it.</summary>
public sealed record ApiProblem(string Title, int Status)
{
    public string? Type { get; init; }
    public string? Detail { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Advice { get; init; }

    /// <summary>The problems of a file, line by line.</summary>
    public IReadOnlyList<FileProblem>? Problems { get; init; }
}

public sealed record FileProblem(
    string File, int Line, int Column, int EndColumn, string Severity, string Message, string? Hint, string? More);

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Client;

/// <summary>A service as the control plane knows it now.</summary>
public sealed record ServiceReport(string Name, string Environment)
{
    /// <summary>The version that serves; none before the first deploy.</summary>
    public string? Version { get; init; }
    public int? Revision { get; init; }
    public DateTimeOffset? Since { get; init; }
    public string? By { get; init; }
    public string? Commit { get; init; }
    public string? Cause { get; init; }

    /// <summary>In a few words: "4 ready", "25 %, watching, 3 min to go".</summary>
    public required string State { get; init; }
    public required Attention Attention { get; init; }
    public required string Strategy { get; init; }
    public int Replicas { get; init; }
    public int Ready { get; init; }

    /// <summary>Where users reach it.</summary>
    public string? Url { get; init; }

    /// <summary>None when no gateway carries it, or nobody has counted yet.</summary>
    public TrafficReport? Traffic { get; init; }
    public required UndoReport Undo { get; init; }

    /// <summary>The release under way.</summary>
    public ReleaseReport? Release { get; init; }

    /// <summary>The latest release that is over.</summary>
    public PastReport? Last { get; init; }

    /// <summary>A version that waits for the release under way to end.</summary>
    public string? Next { get; init; }

    /// <summary>A changed slipway.yaml waits for the release under way to end.</summary>
    public bool ChangeWaits { get; init; }

    /// <summary>False when the control plane has had to let go of it, for the reason that the notice says.</summary>
    public bool LookedAfter { get; init; } = true;

    /// <summary>What keeps the control plane from its work, when something does.</summary>
    public string? Notice { get; init; }
    public IReadOnlyList<InstanceReport> Instances { get; init; } = [];
}

/// <summary>Who has to look at it: nobody, nobody yet, somebody soon, somebody now.</summary>
[JsonConverter(typeof(AttentionConverter))]
public enum Attention { Fine, Moving, Watch, Asks }

sealed class AttentionConverter() : JsonStringEnumConverter<Attention>(JsonNamingPolicy.CamelCase);

/// <param name="Version">Where an undo would go; none when there is nothing to go back to.</param>
/// <param name="AtOnceUntil">
/// Until then the old version is still running; while a release is under way it stays so as long as that takes.
/// </param>
public sealed record UndoReport(string? Version, bool AtOnce, DateTimeOffset? AtOnceUntil, double ThenSeconds);

public sealed record InstanceReport(string Name, string Version, string State, string Health)
{
    public int? Pid { get; init; }
    public int Port { get; init; }
    public DateTimeOffset? Since { get; init; }
    public int Crashes { get; init; }

    /// <summary>Of one core, and of what this machine may use.</summary>
    public double? CpuPercent { get; init; }
    public double? MemoryPercent { get; init; }

    /// <summary>What is wrong with it, or was last.</summary>
    public string Why { get; init; } = "";

    /// <summary>What each probe was told last.</summary>
    public IReadOnlyList<ProbeReport> Probes { get; init; } = [];

    /// <summary>What it needs, as it says itself.</summary>
    public IReadOnlyList<DependencyReport> Dependencies { get; init; } = [];
}

/// <param name="Kind">startup, readiness or liveness.</param>
/// <param name="Answer">good, degraded or bad.</param>
/// <param name="Decides">So many such answers in a row change something.</param>
public sealed record ProbeReport(string Kind, string Answer, int InARow, int Decides, string Text);

/// <param name="Answer">good, degraded or bad.</param>
public sealed record DependencyReport(string Name, string Answer, string Text);

/// <summary>A release that is over, as a line of the history.</summary>
public sealed record PastReport(
    string Id, int Number, string Kind, string? From, string To, string Outcome,
    DateTimeOffset Began, DateTimeOffset Ended, string By, string Why)
{
    public string Reason { get; init; } = "";
    public string? Cause { get; init; }

    /// <summary>Why it did not wait for a change window, nor for the circuit breaker, when it did not.</summary>
    public string? Emergency { get; init; }
    public int Revision { get; init; }

    /// <summary>The release by which users were brought back from it later.</summary>
    public int? UndoneBy { get; init; }
}

/// <param name="Version">Of this one alone; otherwise of the instances that are there.</param>
/// <param name="All">Also of those that are gone.</param>
public sealed record LogsRequest(string? Version, int Tail, bool All);

/// <summary>What an instance has said, in whole lines.</summary>
/// <param name="Next">Whoever follows asks for what comes after this.</param>
public sealed record LogReport(string Instance, string? Version, long Next, string Text);

using Slipway.Client;

namespace Slipway.PostMortems;

/// <summary>
/// What is gone soon after a version had to be taken back, kept at that moment: how it was answered, what its instances
/// were like, what they said last.
/// </summary>
sealed record Capture(string Service, int Release, DateTimeOffset At)
{
    public Seq<CapturedSide> Sides { get; init; } = [];
    public Seq<InstanceReport> Instances { get; init; } = [];
    public Seq<CapturedLog> Logs { get; init; } = [];
}

/// <param name="Role">failed, or beside it.</param>
sealed record CapturedSide(string Version, string Role, int Ready, int Size)
{
    /// <summary>What passed in the ten seconds before.</summary>
    public TrafficReport? Traffic { get; init; }
    public double? Cpu { get; init; }
    public double? Memory { get; init; }

    /// <summary>Since it began to answer.</summary>
    public long? Requests { get; init; }
    public long? Errors { get; init; }
}

sealed record CapturedLog(string Instance, string Text);

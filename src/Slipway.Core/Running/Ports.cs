using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Running;

/// <summary>
/// Where instances run. The target works towards the size that it has accepted, replaces what dies, and refuses an
/// order that is older than one it has accepted, for good: also after a restart of its own.
/// </summary>
public interface IFleets
{
    Task Resize(FleetOrder order, CancellationToken cancel);

    Task<Seq<SeenFleet>> Look(string service, CancellationToken cancel);
}

public sealed record FleetOrder(string Service, Revision Revision, int Size, long Since)
{
    public TimeSpan MinReady { get; init; }

    /// <summary>Stop without waiting for requests under way.</summary>
    public bool Hurried { get; init; }

    public Fleet Fleet => Revision.Fleet;
}

/// <summary>
/// Where traffic is told apart. An order is accepted when every gateway has it; older ones are refused.
/// </summary>
public interface IRouter
{
    Task Apply(RouteOrder order, CancellationToken cancel);

    /// <summary>
    /// The table that every gateway has; <see cref="RouteTable.Closed"/> since 0 when there never was one.
    /// </summary>
    Task<SeenTable> Look(string service, CancellationToken cancel);
}

public sealed record RouteOrder(string Service, RouteTable Table, long Since);

/// <summary>Flags and schema phases that move with a release. Older orders are refused.</summary>
public interface ISettings
{
    Task Set(SettingOrder order, CancellationToken cancel);

    Task<Seq<SeenSetting>> Look(string service, CancellationToken cancel);
}

public sealed record SettingOrder(string Service, string Name, string? Value, long Since);

/// <summary>
/// Questions with one answer: smoke tests, commands, webhooks, hooks. Asked at least once; a repeated
/// <paramref name="Id"/> is the same question.
/// </summary>
public interface IJobs
{
    Task<JobAnswer> Do(Job job, CancellationToken cancel);
}

public sealed record Job(string Id, Service Service, Question Question);

public sealed record JobAnswer(bool Passed, string Text);

/// <summary>An order older than one that the target has accepted already.</summary>
public sealed class OutdatedException(string target, long since, long accepted)
    : Exception($"The order {since} for {target} is older than {accepted}, which was accepted before.")
{
    public long Accepted => accepted;
}

/// <summary>
/// What there is to look at. Targets tell when it changes, as soon as they can; what they forget is looked at anyway.
/// </summary>
public enum Place { Fleets, Routes, Settings, Metrics }

/// <summary>Everything outside that a runner knows.</summary>
public sealed record Ports(IJournal Journal, IFleets Fleets, IRouter Router, ISettings Settings, IJobs Jobs)
{
    /// <summary>None: nothing is counted, and gates stay undecided.</summary>
    public IMetrics? Metrics { get; init; }

    /// <summary>
    /// Whether this node makes the world as it is wanted. One that does not still takes commands: it appends what they
    /// decide, and whoever converges hears of it.
    /// </summary>
    public Func<bool> Converges { get; init; } = () => true;
}

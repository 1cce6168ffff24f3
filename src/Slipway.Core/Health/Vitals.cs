using Slipway.Specification;

namespace Slipway.Health;

/// <summary>
/// What the probes of one instance add up to. Startup gates the others: until it is well nothing else is asked, and
/// when it
/// is ill the instance is given up. Liveness being ill means a restart, readiness only that no requests come.
/// </summary>
public sealed record Vitals(HealthSpec Spec)
{
    public Streak Startup { get; init; }
    public Streak Readiness { get; init; }
    public Streak Liveness { get; init; }

    /// <summary>The app's own reservation, as it was last told.</summary>
    public bool SaysDegraded { get; init; }

    /// <summary>Since when it has been ready without a break.</summary>
    public DateTimeOffset? ReadySince { get; init; }

    /// <summary>What the app last said of those that it needs.</summary>
    public Seq<Dependency> Dependencies { get; init; } = [];

    /// <summary>The last answer of each kind.</summary>
    public Seq<ProbeResult> Last { get; init; } = [];

    /// <summary>What the last answer that was not good said.</summary>
    public string Why { get; init; } = "";

    /// <summary>At its birth. One that nothing is asked of is ready at once.</summary>
    public static Vitals Of(HealthSpec spec, DateTimeOffset now) => new Vitals(spec).Settle(now);

    /// <summary>
    /// One that was ready when it was last seen is taken to be so still, until a probe says otherwise.
    /// </summary>
    public static Vitals Known(HealthSpec spec, DateTimeOffset? readySince, DateTimeOffset now)
    {
        var well = new Streak(readySince is null ? null : true, 0, 0);
        return new Vitals(spec) { Startup = well, Readiness = well, ReadySince = readySince }.Settle(now);
    }

    public bool HasStarted => Spec.Startup is null || Startup.Well == true;
    public bool IsReady => ReadySince is not null;

    public bool MustRestart => Liveness.Well == false || (!HasStarted && Startup.Well == false);

    public InstanceStatus Status =>
        HasStarted && (IsReady || Readiness.Well is not null) ? InstanceStatus.Running : InstanceStatus.Starting;

    public InstanceHealth Health => this switch
    {
        { MustRestart: true } or { Readiness.Well: false } => InstanceHealth.Unhealthy,
        { IsReady: false } => InstanceHealth.Unknown,
        { SaysDegraded: true } => InstanceHealth.Degraded,
        _ => InstanceHealth.Healthy,
    };

    /// <summary>Whether it makes sense to ask this now.</summary>
    public bool Asks(ProbeKind kind) => !MustRestart && kind switch
    {
        ProbeKind.Startup => !HasStarted,
        _ => HasStarted && ProbeOf(kind) is not null,
    };

    public ProbeSpec? ProbeOf(ProbeKind kind) => kind switch
    {
        ProbeKind.Startup => Spec.Startup,
        ProbeKind.Readiness => Spec.Readiness,
        _ => Spec.Liveness,
    };

    public Seq<ProbeState> Probes => Last.Select(result =>
    {
        var (probe, streak) = (ProbeOf(result.Kind)!, StreakOf(result.Kind));
        return result.Answer == ProbeAnswer.Bad
            ? new ProbeState(result, streak.Bad, probe.Failures)
            : new ProbeState(result, streak.Good, probe.Successes);
    }).ToSeq();

    /// <summary>How long an instance may be ready and yet not counted as available.</summary>
    public bool IsAvailable(TimeSpan minReady, DateTimeOffset now) =>
        ReadySince is { } since && now - since >= minReady;

    /// <summary>An answer that comes late, to a question that makes no sense any more, changes nothing.</summary>
    public Vitals Next(ProbeResult result, DateTimeOffset now)
    {
        if (ProbeOf(result.Kind) is not { } probe || !Asks(result.Kind)) return this;
        var good = result.Answer != ProbeAnswer.Bad;
        var next = result.Kind switch
        {
            ProbeKind.Startup => this with { Startup = Startup.Next(good, probe.Successes, probe.Failures) },
            ProbeKind.Readiness => this with { Readiness = Readiness.Next(good, probe.Successes, probe.Failures) },
            _ => this with { Liveness = Liveness.Next(good, probe.Successes, probe.Failures) },
        };
        next = next with { Last = Last.Where(last => last.Kind != result.Kind).Append(result).ToSeq() };
        if (result.Answer != ProbeAnswer.Good) next = next with { Why = result.Text };
        if (result.Kind == ProbeKind.Readiness) next = next with { Dependencies = result.Dependencies };
        if (result.Kind == ProbeKind.Readiness && good)
            next = next with { SaysDegraded = result.Answer == ProbeAnswer.Degraded };
        return next.Settle(now);
    }

    Streak StreakOf(ProbeKind kind) => kind switch
    {
        ProbeKind.Startup => Startup,
        ProbeKind.Readiness => Readiness,
        _ => Liveness,
    };

    Vitals Settle(DateTimeOffset now)
    {
        var ready = HasStarted && !MustRestart && (Spec.Readiness is null || Readiness.Well == true);
        return this with { ReadySince = ready ? ReadySince ?? now : null };
    }
}

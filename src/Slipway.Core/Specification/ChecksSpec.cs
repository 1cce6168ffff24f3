using System.Text.Json.Serialization;

namespace Slipway.Specification;

public sealed record ChecksSpec
{
    /// <summary>Asked of the candidate through its preview route, before any user is on it.</summary>
    public Seq<CheckSpec> Smoke { get; init; } = [];
    public Seq<CheckSpec> BeforePromote { get; init; } = [];
    public ApprovalSpec? Approval { get; init; }
    public Seq<WebhookSpec> Webhooks { get; init; } = [];
}

/// <summary>A question that is asked once and answered by yes or no.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Http), "http")]
[JsonDerivedType(typeof(Run), "run")]
[JsonDerivedType(typeof(Webhook), "webhook")]
[JsonDerivedType(typeof(Load), "load")]
public abstract record CheckSpec
{
    CheckSpec() { }

    public TimeSpan Timeout { get; init; } = Defaults.CheckTimeout;

    public sealed record Http(string Path) : CheckSpec
    {
        public int Expect { get; init; } = 200;

        /// <summary>Headers that the answer must have, with these values.</summary>
        public Seq<Setting> Header { get; init; } = [];

        /// <summary>Values that a body of JSON must have, each at its path.</summary>
        public Seq<Setting> Json { get; init; } = [];
        public string? Body { get; init; }
        public TimeSpan? Within { get; init; }
        public override string ToString() => $"GET {Path}";
    }

    public sealed record Run(Seq<string> Command) : CheckSpec
    {
        public override string ToString() => string.Join(' ', Command);
    }

    public sealed record Webhook(string Url) : CheckSpec
    {
        /// <summary>What its question is signed with, as a reference.</summary>
        public string? Secret { get; init; }
        public override string ToString() => $"webhook {Url}";
    }

    /// <summary>A little traffic that nobody but us sends, for what shows only when it is used.</summary>
    public sealed record Load(Seq<string> Paths) : CheckSpec
    {
        /// <summary>Requests in a second.</summary>
        public double Rate { get; init; } = Defaults.LoadRate;
        public TimeSpan For { get; init; } = Defaults.LoadTime;

        /// <summary>The part that may fail.</summary>
        public double Errors { get; init; } = Defaults.LoadErrors;
        public TimeSpan? P99 { get; init; }
        public override string ToString() => $"load on {string.Join(", ", Paths)}";
    }
}

public enum ApprovalBefore { Traffic, Promote }

public sealed record ApprovalSpec
{
    public ApprovalBefore Before { get; init; } = ApprovalBefore.Promote;
    public Seq<string> By { get; init; } = [];
    public TimeSpan Timeout { get; init; } = Defaults.ApprovalTimeout;
}

public sealed record HooksSpec
{
    public Seq<HookSpec> Before { get; init; } = [];
    public Seq<HookSpec> After { get; init; } = [];
}

public sealed record HookSpec(Seq<string> Run)
{
    /// <summary>What takes the hook's effect back on the way back.</summary>
    public Seq<string> Undo { get; init; } = [];
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>How to go back, and how it is verified that going back helped.</summary>
public sealed record RollbackSpec
{
    /// <summary>Instances replaced at a time; zero switches as fast as the ready instances allow.</summary>
    public int Batch { get; init; }
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);
    public VerifySpec? Verify { get; init; }
    public BreakerSpec? Breaker { get; init; }
}

/// <summary>After so many releases taken back in a time, new ones wait until somebody says otherwise.</summary>
public sealed record BreakerSpec
{
    public int After { get; init; } = Defaults.BreakerAfter;
    public TimeSpan Within { get; init; } = Defaults.BreakerWithin;
}

public sealed record VerifySpec
{
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(5);
    public double? ErrorRateMax { get; init; }
    public double? AvailabilityMin { get; init; }
}

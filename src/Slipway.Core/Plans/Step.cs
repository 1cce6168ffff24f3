using System.Text.Json.Serialization;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>The six things that any strategy is made of.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Scale), "scale")]
[JsonDerivedType(typeof(Shift), "shift")]
[JsonDerivedType(typeof(Wait), "wait")]
[JsonDerivedType(typeof(Ask), "ask")]
[JsonDerivedType(typeof(Set), "set")]
[JsonDerivedType(typeof(Settle), "settle")]
public abstract record Step
{
    Step() { }

    /// <summary>Up: ready long enough, tolerated failures allowed. Down: out of the route, drained, stopped.</summary>
    public sealed record Scale(Fleet Fleet, int From, int To) : Step
    {
        [JsonIgnore]
        public bool Grows => To >= From;
    }

    /// <summary>Every gateway has acknowledged the table.</summary>
    public sealed record Shift(RouteTable Table) : Step;

    /// <summary>Time and traffic for the gates. They judge in every step; this one waits for them.</summary>
    public sealed record Wait(TimeSpan For, int MinRequests) : Step
    {
        /// <summary>
        /// With harmlessness proven on every gate the wait may end here already; null means never early.
        /// </summary>
        public TimeSpan? EarliestEnd { get; init; }
        public Undecided Undecided { get; init; } = Undecided.Wait;

        /// <summary>Without its requests by then the wait is undecided, and its policy says what follows.</summary>
        [JsonIgnore]
        public TimeSpan Patience => For * Defaults.PatienceFactor;
    }

    /// <summary>Asked at least once, under one id; the answer is journalled.</summary>
    public sealed record Ask(Question Question) : Step;

    /// <summary>
    /// A flag or a schema phase, wanted like everything else. No value means: as if it had never been set.
    /// </summary>
    public sealed record Set(string Name, string? Value) : Step
    {
        /// <summary>The old shape of the schema is gone for good: nothing that needs it may be alive by then.</summary>
        public const string Purged = "purged";

        [JsonIgnore]
        public bool IsFinal => Value == Purged;

        public static string Schema(string change) => $"schema {change}";

        public static string Flag(string key) => $"flag {key}";

        public static bool IsFlag(string name) => name.StartsWith(Flag(""), StringComparison.Ordinal);
    }

    /// <summary>The pointer moves: this fleet is stable now, the old one stays warm for a while.</summary>
    public sealed record Settle(Fleet Fleet) : Step;
}

/// <summary>What an <see cref="Step.Ask"/> asks.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Check), "check")]
[JsonDerivedType(typeof(Hook), "hook")]
[JsonDerivedType(typeof(Approval), "approval")]
[JsonDerivedType(typeof(Verify), "verify")]
[JsonDerivedType(typeof(Webhook), "webhook")]
public abstract record Question(TimeSpan Timeout)
{
    /// <summary>Smoke tests and the like, all of which must pass, put to one fleet through its preview route.</summary>
    public sealed record Check(string Name, Fleet Fleet, Seq<CheckSpec> All, TimeSpan Timeout) : Question(Timeout);

    /// <summary>A command with a name that says when it runs; <paramref name="Undo"/> takes it back.</summary>
    public sealed record Hook(string Moment, Seq<string> Run, Seq<string> Undo, TimeSpan Timeout) : Question(Timeout);

    /// <summary>A person with one of these roles says yes or no; anybody when none is named.</summary>
    public sealed record Approval(string Of, Seq<string> By, TimeSpan Timeout) : Question(Timeout)
    {
        /// <summary>A no is a choice between two good ends, not a failure.</summary>
        public bool IsChoice { get; init; }
    }

    /// <summary>Another system has a say at a moment of the release.</summary>
    public sealed record Webhook(WebhookSpec Spec, Fleet Fleet) : Question(Spec.Timeout)
    {
        [JsonIgnore]
        public bool Confirms => WebhookSpec.Confirms(Spec.At);
    }

    /// <summary>After going back: do fresh windows show that it helped?</summary>
    public sealed record Verify(Fleet Fleet, VerifySpec Limits) : Question(Limits.Within);
}

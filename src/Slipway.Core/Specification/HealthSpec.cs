using System.Text.Json.Serialization;

namespace Slipway.Specification;

public sealed record HealthSpec
{
    public ProbeSpec? Startup { get; init; }
    public ProbeSpec? Readiness { get; init; }
    public ProbeSpec? Liveness { get; init; }

    /// <summary>Shown by name when the app's readiness body reports them.</summary>
    public Seq<string> Dependencies { get; init; } = [];
}

/// <summary>How an instance is asked, and how many answers make up a mind.</summary>
public sealed record ProbeSpec(ProbeWay Way)
{
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan Delay { get; init; } = TimeSpan.Zero;
    public int Successes { get; init; } = 1;
    public int Failures { get; init; } = 3;
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Http), "http")]
[JsonDerivedType(typeof(Tcp), "tcp")]
[JsonDerivedType(typeof(Run), "run")]
public abstract record ProbeWay
{
    ProbeWay() { }

    public sealed record Http(string Path) : ProbeWay
    {
        public Seq<int> Expect { get; init; } = [200];

        /// <summary>Text that the body must contain.</summary>
        public string? Body { get; init; }
    }

    public sealed record Tcp : ProbeWay;

    public sealed record Run(Seq<string> Command) : ProbeWay;
}

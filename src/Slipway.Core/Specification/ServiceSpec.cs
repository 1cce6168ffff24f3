using System.Text.Json.Serialization;

namespace Slipway.Specification;

/// <summary>
/// What a slipway.yaml says, typed and immutable. Text may hold references like <c>${SHOP_DB}</c>: they stay references
/// here and in the journal, and are resolved by the server when used.
/// </summary>
public sealed record ServiceSpec
{
    public required string Service { get; init; }
    public string Environment { get; init; } = Defaults.Environment;
    public required RuntimeSpec Runtime { get; init; }
    public int Replicas { get; init; } = 1;
    public TimeSpan KeepOld { get; init; } = Defaults.KeepOld;
    public OnNewer OnNewer { get; init; } = OnNewer.Supersede;

    /// <summary>The chance, over the whole release, that an identical version is rolled back.</summary>
    public double FalseAlarm { get; init; } = Defaults.FalseAlarm;

    public HealthSpec Health { get; init; } = new();
    public TrafficSpec Traffic { get; init; } = new();
    public StrategySpec Strategy { get; init; } = new StrategySpec.Rolling();
    public Seq<GateSpec> Gates { get; init; } = [];
    public SourcesSpec Sources { get; init; } = new();
    public ChecksSpec Checks { get; init; } = new();
    public HooksSpec Hooks { get; init; } = new();
    public RollbackSpec Rollback { get; init; } = new();
    public SchemaSpec? Schema { get; init; }
    public Seq<NotifySpec> Notify { get; init; } = [];
    public Seq<ChangeWindow> Windows { get; init; } = [];
}

/// <summary>What to do with a newer deploy while a release is running.</summary>
public enum OnNewer { Supersede, Queue, Refuse }

/// <summary>How instances come to life. Plain processes here; containers and pods are further kinds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Process), "process")]
public abstract record RuntimeSpec
{
    RuntimeSpec() { }

    /// <summary>An argument list, no shell. <c>{port} {version} {instance} {directory}</c> are filled in.</summary>
    public sealed record Process(Seq<string> Command) : RuntimeSpec
    {
        public string Directory { get; init; } = ".";
        public Seq<Setting> Env { get; init; } = [];
        public Seq<string> EnvFiles { get; init; } = [];
        public StopSpec Stop { get; init; } = new();
        public PortRange Ports { get; init; } = Defaults.Ports;
    }
}

/// <summary>One name with its value, as in an environment.</summary>
public sealed record Setting(string Name, string Value);

public sealed record StopSpec
{
    public string Signal { get; init; } = "SIGTERM";
    public TimeSpan Grace { get; init; } = Defaults.StopGrace;
}

public readonly record struct PortRange(int First, int Last);

public sealed record TrafficSpec
{
    /// <summary>Host and port that the gateway listens on; none when traffic comes in another way.</summary>
    public string? Listen { get; init; }
    public Seq<string> Hosts { get; init; } = [];
    public string Path { get; init; } = "/";
    public TlsSpec? Tls { get; init; }
    public Http2Use Http2 { get; init; }
    public AffinitySpec? Affinity { get; init; }
    public TimeSpan Drain { get; init; } = Defaults.Drain;
    public TimeSpan Hold { get; init; } = Defaults.Hold;

    public TimeoutsSpec Timeouts { get; init; } = new();

    /// <summary>Answers say which version and variant gave them.</summary>
    public bool VersionHeader { get; init; }
}

/// <summary>How long a request may take on its way through a gateway.</summary>
public sealed record TimeoutsSpec
{
    /// <summary>From the end of the request to the first byte of its answer.</summary>
    public TimeSpan Answer { get; init; } = Defaults.AnswerTimeout;

    /// <summary>From one piece of a body to the next.</summary>
    public TimeSpan Idle { get; init; } = Defaults.IdleTimeout;

    /// <summary>All of it; none for as long as it takes.</summary>
    public TimeSpan? Total { get; init; }
}

public sealed record TlsSpec(string Certificate, string Key);

/// <summary>Where a gateway speaks HTTP/2: over TLS, in clear text too, or not at all.</summary>
public enum Http2Use { Tls, Always, Off }

public enum AffinityKey { Cookie, Header, Address }

public enum AffinityTo { Version, Instance }

public sealed record AffinitySpec(AffinityKey Key, string Name)
{
    public TimeSpan Ttl { get; init; } = Defaults.AffinityTtl;
    public AffinityTo To { get; init; } = AffinityTo.Version;
}

/// <summary>Where a schema change's steps stand, and which database they change.</summary>
public sealed record SchemaSpec(string Database, string Changes);

public enum NotifyKind { Slack, PagerDuty, Webhook }

public enum NotifyOn { Started, Succeeded, RolledBack, Waiting, Failed }

public sealed record NotifySpec(NotifyKind Kind, string Target)
{
    /// <summary>None named means all.</summary>
    public Seq<NotifyOn> On { get; init; } = [];

    /// <summary>The message in words of one's own, with names in braces.</summary>
    public string? Text { get; init; }

    /// <summary>Where PagerDuty takes events: another address for customers in another region.</summary>
    public string? Url { get; init; }

    /// <summary>What a webhook's messages are signed with.</summary>
    public string? Secret { get; init; }

    /// <summary>As it may be shown: a reference, or no more of an address than whose it is.</summary>
    [JsonIgnore]
    public string Shown
    {
        get
        {
            var isReference = Target.StartsWith("${", StringComparison.Ordinal)
                && Target.IndexOf('}') == Target.Length - 1;
            var whose = isReference ? $" {Target}"
                : Kind != NotifyKind.PagerDuty && Uri.TryCreate(Target, UriKind.Absolute, out var uri) ? $" {uri.Host}"
                : "";
            return Kind switch
            {
                NotifyKind.Slack => "Slack",
                NotifyKind.PagerDuty => "PagerDuty",
                _ => "webhook",
            } + whose;
        }
    }
}

public enum WindowKind { Only, Avoid }

/// <summary>When changes may happen, or had better not.</summary>
public sealed record ChangeWindow(WindowKind Kind, Seq<DayOfWeek> Days, TimeOnly From, TimeOnly To)
{
    public string Zone { get; init; } = "UTC";
    public string? Why { get; init; }

    /// <summary>
    /// Whether a moment, told in the window's own zone, lies within it. A window may run past midnight.
    /// </summary>
    public bool Contains(DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        if (From < To) return OnDay(local.DayOfWeek) && time >= From && time < To;
        return (OnDay(local.DayOfWeek) && time >= From) || (OnDay(local.AddDays(-1).DayOfWeek) && time < To);
    }

    bool OnDay(DayOfWeek day) => Days.Count == 0 || Days.Contains(day);
}

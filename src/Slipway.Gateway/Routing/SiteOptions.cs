using Slipway.Specification;

namespace Slipway.Gateway.Routing;

/// <summary>What a service's users see of its gateway, apart from where they are sent.</summary>
public sealed record SiteOptions
{
    /// <summary>Host and port that it listens on; null when nobody comes in here.</summary>
    public string? Listen { get; init; }

    /// <summary>Names of hosts: exact, or <c>*.example.com</c>; none takes every host.</summary>
    public Seq<string> Hosts { get; init; } = [];

    /// <summary>
    /// What paths begin with: <c>/shop</c> takes <c>/shop</c> and <c>/shop/…</c>, but not <c>/shopping</c>.
    /// </summary>
    public string Path { get; init; } = "/";

    /// <summary>Files with the certificate and its key, PEM; null serves clear text.</summary>
    public string? Certificate { get; init; }
    public string? Key { get; init; }

    /// <summary>Who may speak HTTP/2.</summary>
    public Http2Use Http2 { get; init; }

    /// <summary>Answers say which version gave them.</summary>
    public bool VersionHeader { get; init; }

    /// <summary>How long requests may take to end on an instance that leaves.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request waits when no instance is ready.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long requests may take; null for what the gateway has for all.</summary>
    public TimeoutsSpec? Timeouts { get; init; }

    /// <summary>A path that is answered with 200 while requests are held, for those who watch from outside.</summary>
    public string? HealthPath { get; init; }

    /// <summary>The path stands in cookies too, so it must not be able to say more than a path.</summary>
    internal void Check(string service)
    {
        if (Drain < TimeSpan.Zero || Drain > Limits.TimeMax || Hold < TimeSpan.Zero || Hold > Limits.TimeMax)
            throw new RouteTableException($"drain and hold of '{service}' take from nothing to "
                + $"{Limits.TimeMax.TotalDays} days, not {Drain} and {Hold}.");
        CheckListen(service);
        CheckTimeouts(service);
        if (!Path.StartsWith('/') || Path.Length > Limits.SitePath || Path.Any(c => c is <= ' ' or >= (char)127 or ';'))
            throw new RouteTableException($"The path of '{service}', '{Path}', is none: it begins with a slash and has "
                + $"up to {Limits.SitePath} letters, digits and signs, but no space and no semicolon.");
        if (Hosts.FirstOrDefault(host => host.Length == 0 || !System.Text.Ascii.IsValid(host)) is { } wrong)
            throw new RouteTableException($"'{wrong}' of '{service}' is not the name of a host: write it like "
                + "shop.example.com or *.example.com, others in their xn-- form.");
    }

    void CheckTimeouts(string service)
    {
        if (Timeouts is not { } timeouts) return;
        foreach (var (name, time) in new (string, TimeSpan?)[]
            { ("answer", timeouts.Answer), ("idle", timeouts.Idle), ("total", timeouts.Total) })
            if (time is { } given && (given <= TimeSpan.Zero || given > Limits.TimeMax))
                throw new RouteTableException($"timeouts.{name} of '{service}' is more than nothing, and "
                    + $"{Limits.TimeMax.TotalDays} days at most, not {given}.");
    }

    void CheckListen(string service)
    {
        try
        {
            if (Listen is { } listen) Door.PointOf(listen);
        }
        catch (FormatException e)
        {
            throw new RouteTableException($"'{service}' cannot be listened for on '{Listen}': {e.Message}");
        }
    }
}

using Slipway.Releases;
using Slipway.Specification;

namespace Slipway;

/// <summary>Two services behind the same address, host and path: only one of them would get the requests.</summary>
public static class Rivals
{
    /// <summary>Who has it already; null when nobody has.</summary>
    public static string? Of(ServiceSpec spec, IEnumerable<Service> others)
    {
        if (spec.Traffic.Listen is not { } listen) return null;
        return others.Where(other => other.Name != spec.Service)
            .SelectMany(other => new[] { other.Spec, other.Waiting }.OfType<ServiceSpec>())
            .Where(other => other.Traffic.Listen is { } own && Addresses.IsSame(own, listen))
            .Select(other => Shared(spec.Traffic, other.Traffic) is { } shared
                ? $"{other.Service} takes {listen}{shared} already"
                : null)
            .FirstOrDefault(told => told is not null);
    }

    /// <summary>A host that is named goes before whoever takes any, so those two do not meet.</summary>
    static string? Shared(TrafficSpec one, TrafficSpec other)
    {
        if (one.Path.TrimEnd('/') != other.Path.TrimEnd('/')) return null;
        var path = one.Path.TrimEnd('/') is { Length: > 0 } below ? $" {below}" : "";
        if (one.Hosts.Count == 0 && other.Hosts.Count == 0) return path;
        return one.Hosts.Intersect(other.Hosts, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } host
            ? $" for {host}{path}"
            : null;
    }
}

using Slipway.Adapters.Gateway;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway;

/// <summary>Users come in the way that the specification says, from the moment that it says so.</summary>
sealed class Admission(GatewaySites sites)
{
    readonly Dictionary<string, TrafficSpec?> _admitted = new(StringComparer.Ordinal);
    readonly Lock _admitting = new();

    public void Follow(Service service)
    {
        var (name, spec) = (service.Name, service.Registered ? service.Spec : null);
        lock (_admitting)
        {
            if (_admitted.TryGetValue(name, out var before) ? before == spec?.Traffic : spec is null) return;
            _admitted[name] = spec?.Traffic;
        }

        _ = spec is null ? sites.Close(name) : sites.Open(spec);
    }
}

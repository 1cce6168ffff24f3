using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Forwarding;

/// <summary>How long a request may take: as its service says, else as the gateway does.</summary>
/// <param name="Answer">From the end of the request to the first byte of the answer.</param>
/// <param name="Idle">From one piece of a body to the next.</param>
readonly record struct Patience(TimeSpan Answer, TimeSpan Idle, TimeSpan? Total)
{
    public static Patience Of(Site? site, WireLimits limits) => site?.Options.Timeouts is { } own
        ? new(own.Answer, own.Idle, own.Total)
        : new(limits.FirstByte, limits.BodyIdle, limits.Total);
}

namespace Slipway.Adapters.Sources;

/// <summary>What a gate's <c>from</c> may say.</summary>
static class SourceNames
{
    public const string Prometheus = "prometheus";
    public const string Http = "http";
    public const string Command = "command";
}

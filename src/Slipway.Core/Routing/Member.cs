namespace Slipway.Routing;

/// <summary>
/// An instance as gateways see it. Members travel apart from the route table: they change with every probe, and nothing
/// that was decided changes with them.
/// </summary>
public sealed record Member(Fleet Fleet, string Instance, string Host, int Port)
{
    public string Version { get; init; } = "";

    /// <summary>
    /// It is to stop: it finishes what it has and the sessions that live on it, and gets nothing new.
    /// </summary>
    public bool Draining { get; init; }
}

namespace Slipway.Routing;

/// <summary>
/// An instance as gateways see it. Members travel apart from the route table: they change with every probe, and nothing
/// that was decided changes with them.
/// </summary>
public sealed record Member(Fleet Fleet, string Instance, string Host, int Port);

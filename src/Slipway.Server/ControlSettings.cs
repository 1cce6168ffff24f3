using Slipway.Adapters.Postgres;

namespace Slipway;

public sealed record ControlSettings(string Data)
{
    public string Listen { get; init; } = "127.0.0.1:7400";
    public string? Token { get; init; }

    /// <summary>How people reach it, for links; none: by the address that it listens on.</summary>
    public string? Address { get; init; }

    /// <summary>A store that is shared with other nodes; none: the journal lies in the folder.</summary>
    public StoreUrl? Store { get; init; }

    /// <summary>How this program is started, for the gateway: a process of its own.</summary>
    public required Seq<string> Program { get; init; }

    /// <summary>Where the gateway writes each request, when it is started here.</summary>
    public string? AccessLog { get; init; }
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told what an operator should know, in a line each.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}

namespace Slipway.Gateway.Forwarding;

/// <summary>What came of giving a request to an instance.</summary>
enum Trial
{
    /// <summary>So far as it should be; at the end: the client has the whole answer.</summary>
    Good,

    /// <summary>No connection: the instance has seen nothing.</summary>
    NotReached,

    /// <summary>The gateway itself has no room for a connection: no instance is to blame.</summary>
    Full,

    /// <summary>A connection that had served before was closed before a byte of the answer.</summary>
    Stale,

    /// <summary>A new connection was closed before a byte of the answer.</summary>
    NoAnswer,
    TimedOut,

    /// <summary>The answer broke off, or broke the protocol.</summary>
    Broken,
    ClientLeft,
    ClientTooSlow,
    BadBody,

    /// <summary>The instance had to go, and its time was over.</summary>
    Cut,
}

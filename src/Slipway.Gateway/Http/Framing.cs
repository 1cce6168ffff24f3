namespace Slipway.Gateway.Http;

/// <summary>How it is told where a body ends.</summary>
enum Framing { None, Length, Chunked, UntilClose }

namespace Slipway.Gateway.Http;

/// <summary>Everything on the wire that has an end, and where it is.</summary>
public sealed record WireLimits
{
    public static readonly WireLimits Default = new();

    /// <summary>A request's or answer's head, with its last line end.</summary>
    public int HeadBytes { get; init; } = 32 * 1024;
    public int TargetBytes { get; init; } = 16 * 1024;
    public int MethodBytes { get; init; } = 32;
    public int Fields { get; init; } = 100;
    public int ChunkLineBytes { get; init; } = 256;

    /// <summary>What the extensions of all chunks of one body may add up to.</summary>
    public int ChunkExtensionBytes { get; init; } = 16 * 1024;
    public int TrailerBytes { get; init; } = 8 * 1024;

    /// <summary>From a request's first byte to the end of its head.</summary>
    public TimeSpan HeadTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// From one piece of a body to the next, where the body has a length, or comes from a client or goes to one. A
    /// client that takes anything of an answer is not silent, though that may be seen late.
    /// </summary>
    public TimeSpan BodyIdle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From one answer to the next request.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>
    /// The same for a gateway that ends: a request may be on its way already, and is answered before the connection is
    /// closed in good order.
    /// </summary>
    public TimeSpan LastCall { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A gateway that ends says so to a client of HTTP/2 when that has just asked for something, or after this at the
    /// latest.
    /// </summary>
    public TimeSpan FirstGoodbye { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>So long it looks before how many requests that client has under way at most.</summary>
    public TimeSpan GoodbyeLook { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// A client of HTTP/2 may answer our last ping before it sends the requests that it had begun by then: they are
    /// taken for so long after the answer.
    /// </summary>
    public TimeSpan LastStreams { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a gateway that ends has cut off has to be over within this.</summary>
    public TimeSpan CutTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the files of certificates are looked at.</summary>
    public TimeSpan CertificateCheck { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>TLS has to be agreed on within this.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// For a connection to an instance. One whose queue is full for a moment, as when everybody who was held comes at
    /// once, does not hear the first word, and the system says it again after a second: less would be no second chance.
    /// </summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>From the request's arrival at an instance to the first byte of its answer.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For the whole of an exchange; null for as long as it takes.</summary>
    public TimeSpan? Total { get; init; }

    /// <summary>A WebSocket or another stream in which nothing moves: whatever has no length.</summary>
    public TimeSpan TunnelIdle { get; init; } = TimeSpan.FromHours(1);

    /// <summary>An idle connection to an instance is given up after this.</summary>
    public TimeSpan UpstreamIdle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A client that sends no more may still read, or have gone: nobody can tell. Once its answer has begun it is taken
    /// for gone when nothing more has come for it for so long.
    /// </summary>
    public TimeSpan HalfClosed { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What a refused client may still send, so that it reads the refusal and not a reset.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Bytes in a second below which a client counts as slow, once the grace is over: in the whole of a body that has a
    /// length, and in the whole of an answer. There the grace is no less than the time for which it may take nothing.
    /// </summary>
    public int SlowestClient { get; init; } = 240;
    public TimeSpan SlowGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Of all loops together; the next one gets a 503. Fewer where the process may not have so many descriptors.
    /// </summary>
    public int Connections { get; init; } = 50_000;

    /// <summary>So many who were turned away may still read why, for each loop.</summary>
    public int TurnedAway { get; init; } = 16;

    /// <summary>Descriptors that are for neither clients nor instances: the runtime's own, files, control.</summary>
    public int DescriptorsKept { get; init; } = 320;

    /// <summary>
    /// The part of the others that clients may take. Each of them that asks needs one more, for the way to an instance.
    /// </summary>
    public double DescriptorsForClients { get; init; } = 0.5;

    /// <summary>Idle connections to one instance that a loop keeps.</summary>
    public int IdleUpstreams { get; init; } = 128;

    /// <summary>Requests that one loop holds; the next one gets a 503.</summary>
    public int Held { get; init; } = 10_000;

    /// <summary>How often one request may be given to another instance.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Interim answers before the answer.</summary>
    public int Interim { get; init; } = 20;

    /// <summary>Streams that one HTTP/2 connection may have at the same time.</summary>
    public int Streams { get; init; } = 100;

    /// <summary>Bytes that may come before an instance has taken them: of a stream, of a connection.</summary>
    public int StreamWindow { get; init; } = 256 * 1024;
    public int TrunkWindow { get; init; } = 1024 * 1024;

    /// <summary>Streams of a connection that end by a reset before their answer does.</summary>
    public int Resets { get; init; } = 200;
    public int ResetsPerSecond { get; init; } = 20;

    /// <summary>Frames of a connection that move no request: pings, settings, empty ones, and those unknown.</summary>
    public int IdleFrames { get; init; } = 1_000;
    public int IdleFramesPerSecond { get; init; } = 100;

    /// <summary>How many seconds a client that is turned away is asked to wait.</summary>
    public int RetryAfterSeconds { get; init; } = 1;
}

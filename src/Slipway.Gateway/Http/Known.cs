using System.Text;

namespace Slipway.Gateway.Http;

/// <summary>The fields that a gateway has to look at; all others pass through it.</summary>
[Flags]
enum Known
{
    None = 0,
    Host = 1 << 0,
    ContentLength = 1 << 1,
    TransferEncoding = 1 << 2,
    Connection = 1 << 3,
    KeepAlive = 1 << 4,
    ProxyConnection = 1 << 5,
    Te = 1 << 6,
    Upgrade = 1 << 7,
    Http2Settings = 1 << 8,
    Expect = 1 << 9,
    Forwarded = 1 << 10,
    ForwardedFor = 1 << 11,
    ForwardedHost = 1 << 12,
    ForwardedProto = 1 << 13,
    RequestId = 1 << 14,
    ContentType = 1 << 15,
    Session = 1 << 16,
    Drain = 1 << 17,
    Version = 1 << 18,
    ShadowRequest = 1 << 19,

    /// <summary>They speak of one connection and end with it.</summary>
    HopByHop = Connection | KeepAlive | ProxyConnection | Te | Upgrade | Http2Settings | TransferEncoding,
}

static class KnownNames
{
    /// <summary>The length tells most names apart before a letter is compared.</summary>
    public static Known Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => Is(name, "te"u8, Known.Te),
        4 => Is(name, "host"u8, Known.Host),
        6 => Is(name, "expect"u8, Known.Expect),
        7 => Is(name, "upgrade"u8, Known.Upgrade),
        9 => Is(name, "forwarded"u8, Known.Forwarded),
        10 => Is(name, "connection"u8, Known.Connection) | Is(name, "keep-alive"u8, Known.KeepAlive),
        12 => Is(name, "content-type"u8, Known.ContentType) | Is(name, "x-request-id"u8, Known.RequestId),
        13 => Is(name, "slipway-drain"u8, Known.Drain),
        14 => Is(name, "content-length"u8, Known.ContentLength) | Is(name, "http2-settings"u8, Known.Http2Settings),
        15 => Is(name, "x-forwarded-for"u8, Known.ForwardedFor) | Is(name, "slipway-session"u8, Known.Session),
        16 => Is(name, "x-forwarded-host"u8, Known.ForwardedHost)
            | Is(name, "proxy-connection"u8, Known.ProxyConnection)
            | Is(name, "x-shadow-request"u8, Known.ShadowRequest),
        17 => Is(name, "transfer-encoding"u8, Known.TransferEncoding)
            | Is(name, "x-forwarded-proto"u8, Known.ForwardedProto)
            | Is(name, "x-slipway-version"u8, Known.Version),
        _ => Known.None,
    };

    static Known Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known, Known then) =>
        Ascii.EqualsIgnoreCase(name, known) ? then : Known.None;
}

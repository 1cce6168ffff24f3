namespace Slipway.Gateway.Http2;

/// <summary>
/// Why an HTTP/2 connection, or one stream of it, is ended. Each is counted by itself.
/// </summary>
public enum Breach
{
    None,
    BadPreface,
    FrameTooLarge,
    BadFrameSize,
    BadStream,
    UnexpectedFrame,
    BadPadding,
    BadSetting,
    BadWindow,
    WindowOverflow,
    WindowExceeded,
    BadCompression,
    HeadersTooLarge,
    StreamClosed,
    TooManyStreams,
    TooManyResets,
    TooManyIdleFrames,
    TooSlow,
    BadPseudoField,
    BadFieldName,
    BadFieldValue,
    ConnectionField,
    HostDiffers,
    BadContentLength,
    LengthDiffers,
    BadTrailers,
}

static class Breaches
{
    public static ErrorCode Code(this Breach breach) => breach switch
    {
        Breach.None => ErrorCode.None,
        Breach.FrameTooLarge or Breach.BadFrameSize => ErrorCode.FrameSize,
        Breach.WindowOverflow or Breach.WindowExceeded => ErrorCode.FlowControl,
        Breach.BadCompression => ErrorCode.Compression,
        Breach.StreamClosed => ErrorCode.StreamClosed,
        Breach.TooManyStreams => ErrorCode.Refused,
        Breach.HeadersTooLarge or Breach.TooManyResets or Breach.TooManyIdleFrames or Breach.TooSlow => ErrorCode.Calm,
        _ => ErrorCode.Protocol,
    };
}

namespace Slipway.Gateway.Http;

/// <summary>Why a message is not taken. Each is counted by itself, and ends the connection.</summary>
public enum Refusal
{
    None,
    BareLineFeed,
    BareCarriageReturn,
    ControlByte,
    BadRequestLine,
    BadMethod,
    MethodNotSupported,
    BadTarget,
    DotSegment,
    TargetTooLong,
    BadVersion,
    VersionNotSupported,
    BadStatusLine,
    Folded,
    SpaceBeforeColon,
    BadFieldName,
    TooManyFields,
    HeadTooLarge,
    NoHost,
    RepeatedHost,
    BadHost,
    HostDiffers,
    BadContentLength,
    RepeatedContentLength,
    LengthAndCoding,
    CodingInOldVersion,
    BadCoding,
    UnknownCoding,
    BadChunk,
    BadTrailer,
    TrailersTooLarge,
}

/// <summary>What a client is told.</summary>
public static class Refusals
{
    /// <summary>BadContentLength becomes "bad content length"; of other reasons too.</summary>
    public static string Words(this Enum why) => string.Concat($"{why}".Select((c, i) =>
        i > 0 && char.IsAsciiLetterUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    public static int Status(this Refusal refusal) => refusal switch
    {
        Refusal.TargetTooLong => 414,
        Refusal.TooManyFields or Refusal.HeadTooLarge or Refusal.TrailersTooLarge => 431,
        Refusal.MethodNotSupported or Refusal.UnknownCoding => 501,
        Refusal.VersionNotSupported => 505,
        _ => 400,
    };
}

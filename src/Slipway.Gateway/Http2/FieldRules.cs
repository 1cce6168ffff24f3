using System.Buffers;
using Slipway.Gateway.Http;

namespace Slipway.Gateway.Http2;

/// <summary>What holds for every field, in heads and in trailers (RFC 9113, 8.2).</summary>
static class FieldRules
{
    static readonly SearchValues<byte> SmallToken = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"u8);

    /// <summary>
    /// Stricter than it has to be about control bytes, as HTTP/1.1 is here: these fields are written into a text in
    /// which a line end would begin another field.
    /// </summary>
    public static Breach Judge(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.Length == 0 || name.ContainsAnyExcept(SmallToken)) return Breach.BadFieldName;
        if (value.ContainsAny(Grammar.Controls)) return Breach.BadFieldValue;
        if (value is [(byte)' ' or (byte)'\t', ..] or [.., (byte)' ' or (byte)'\t']) return Breach.BadFieldValue;
        return IsOfConnection(name, value) ? Breach.ConnectionField : Breach.None;
    }

    static bool IsOfConnection(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => KnownNames.Of(name) switch
    {
        Known.Connection or Known.ProxyConnection or Known.KeepAlive or Known.TransferEncoding or Known.Upgrade => true,
        Known.Te => !value.SequenceEqual("trailers"u8),
        _ => false,
    };
}

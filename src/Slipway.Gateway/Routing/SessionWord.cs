using System.Buffers.Binary;
using System.Text;

namespace Slipway.Gateway.Routing;

/// <summary>
/// What an app says of a user's session: a word of at most sixteen letters, digits, dashes or underscores, held without
/// allocating.
/// </summary>
readonly record struct SessionWord(UInt128 Bytes)
{
    public static readonly SessionWord None;

    /// <summary>Nobody has come with a session yet.</summary>
    public static readonly SessionWord New = Of("new");
    public static readonly SessionWord Waiting = Of("waiting");
    public static readonly SessionWord Active = Of("active");
    public static readonly SessionWord Ended = Of("ended");

    public bool IsNone => Bytes == 0;

    /// <summary>
    /// A session that must stay where it is. A word that is not known counts as active: to move too little is safe.
    /// </summary>
    public bool IsLive => !IsNone && this != New && this != Waiting && this != Ended;

    /// <summary>An app that says what we cannot read says that there is a session.</summary>
    public static SessionWord Told(ReadOnlySpan<byte> text) =>
        text.IsEmpty ? None : TryRead(text, out var word) ? word : Active;

    public static bool TryRead(ReadOnlySpan<byte> text, out SessionWord word)
    {
        word = default;
        if (text.Length is 0 or > Limits.SessionWord) return false;
        Span<byte> padded = stackalloc byte[Limits.SessionWord];
        padded.Clear();
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter is >= (byte)'A' and <= (byte)'Z') letter |= 0x20;
            if (letter is not ((>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9')
                or (byte)'-' or (byte)'_'))
                return false;
            padded[i] = letter;
        }

        word = new(BinaryPrimitives.ReadUInt128BigEndian(padded));
        return true;
    }

    /// <summary>Returns the length.</summary>
    public int Write(Span<byte> into)
    {
        Span<byte> padded = stackalloc byte[Limits.SessionWord];
        BinaryPrimitives.WriteUInt128BigEndian(padded, Bytes);
        var length = padded.IndexOf((byte)0) is var end && end < 0 ? padded.Length : end;
        padded[..length].CopyTo(into);
        return length;
    }

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[Limits.SessionWord];
        return Encoding.ASCII.GetString(text[..Write(text)]);
    }

    static SessionWord Of(string text) => TryRead(Encoding.ASCII.GetBytes(text), out var word) ? word : default;
}

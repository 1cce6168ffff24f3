using System.Text;

namespace Slipway.Gateway.Http;

/// <summary>
/// The fields of a message, read where they lie: every part is a slice of the buffer that it arrived in. One object
/// serves one message after the other, so that a message costs no allocation.
/// </summary>
public abstract class Head
{
    Field[] _fields = new Field[16];

    /// <summary>A part of the buffer.</summary>
    public readonly record struct Slice(int Start, int Length)
    {
        internal int End => Start + Length;
    }

    internal readonly record struct Field(Slice Name, Slice Value, Known Known, int End);

    private protected byte[] Bytes { get; private set; } = [];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Name(int index) => At(_fields[index].Name);

    public ReadOnlySpan<byte> Value(int index) => At(_fields[index].Value);

    /// <summary>The known fields that occur.</summary>
    internal Known Seen { get; private set; }

    /// <summary>Where the message begins, and where its head ends.</summary>
    internal int Start { get; private protected set; }
    internal int End { get; set; }

    internal bool IsOld { get; set; }
    internal Framing Framing { get; set; }
    internal long ContentLength { get; set; }

    /// <summary>What Connection says.</summary>
    internal bool Closes { get; private set; }
    internal bool KeepsAlive { get; private set; }
    internal bool Upgrades { get; private set; }
    bool _namesOthers;

    /// <summary>The connection may be used once more when this message is through.</summary>
    internal bool Persists => !Closes && (!IsOld || KeepsAlive);

    /// <summary>The first field of this name, whatever its case.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < Count; i++)
            if (_fields[i].Name.Length == name.Length && Ascii.EqualsIgnoreCase(Name(i), name))
            {
                value = Value(i);
                return true;
            }

        value = default;
        return false;
    }

    internal Field this[int index] => _fields[index];

    internal bool Has(Known known) => (Seen & known) != 0;

    /// <summary>The first field of a known name; empty when there is none.</summary>
    internal ReadOnlySpan<byte> Get(Known known)
    {
        if (Has(known))
            for (var i = 0; i < Count; i++)
                if (_fields[i].Known == known) return Value(i);
        return default;
    }

    /// <summary>Of this connection alone: by its name, or because Connection names it.</summary>
    internal bool IsDropped(int index, Known also) =>
        (_fields[index].Known & (Known.HopByHop | also)) != 0 || (_namesOthers && IsNamed(Name(index)));

    /// <summary>Connection names it, so it goes no further.</summary>
    internal bool IsNamed(Known known)
    {
        if (_namesOthers && Has(known))
            for (var i = 0; i < Count; i++)
                if (_fields[i].Known == known) return IsNamed(Name(i));
        return false;
    }

    /// <summary>The buffer grew: the same bytes are at the same places of another one.</summary>
    internal void Move(byte[] bytes) => Bytes = bytes;

    private protected void Clear(byte[] bytes, int start)
    {
        (Bytes, Start, End, Count, Seen) = (bytes, start, start, 0, Known.None);
        (IsOld, Framing, ContentLength) = (false, Framing.None, 0);
        (Closes, KeepsAlive, Upgrades, _namesOthers) = (false, false, false, false);
    }

    internal void Add(Slice name, Slice value) => Add(name, value, value.End);

    internal Known Add(Slice name, Slice value, int end)
    {
        if (Count == _fields.Length) Array.Resize(ref _fields, Count * 2);
        var known = KnownNames.Of(At(name));
        _fields[Count++] = new(name, value, known, end);
        Seen |= known;
        if (known == Known.Connection) ReadOptions(At(value));
        return known;
    }

    internal ReadOnlySpan<byte> At(Slice slice) => Bytes.AsSpan(slice.Start, slice.Length);

    void ReadOptions(ReadOnlySpan<byte> list)
    {
        while (Grammar.TryNext(ref list, out var option))
            if (Ascii.EqualsIgnoreCase(option, "close"u8)) Closes = true;
            else if (Ascii.EqualsIgnoreCase(option, "keep-alive"u8)) KeepsAlive = true;
            else if (Ascii.EqualsIgnoreCase(option, "upgrade"u8)) Upgrades = true;
            else _namesOthers = true;
    }

    bool IsNamed(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_fields[i].Known != Known.Connection) continue;
            var list = Value(i);
            while (Grammar.TryNext(ref list, out var option))
                if (Ascii.EqualsIgnoreCase(option, name)) return true;
        }

        return false;
    }
}

namespace Slipway.Gateway.Http2;

/// <summary>
/// Reads the fields of one header block, one after the other (RFC 7541, 6). What was coded is written into the scratch,
/// which lasts until the next field.
/// </summary>
ref struct FieldReader(FieldTable table, ReadOnlySpan<byte> block, Span<byte> scratch)
{
    ReadOnlySpan<byte> _left = block;
    readonly Span<byte> _scratch = scratch;
    int _written;
    bool _begun;

    public ReadOnlySpan<byte> Name { get; private set; }
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The block cannot be read, and so nothing that comes after it on this connection.</summary>
    public bool Failed { get; private set; }

    /// <summary>False at the end, or when it has failed.</summary>
    public bool Next()
    {
        _written = 0;
        while (_left.Length > 0)
        {
            var first = _left[0];
            if ((first & 0xE0) == 0x20)
            {
                if (!Resize()) return Fail();
                continue;
            }

            _begun = true;
            var read = (first & 0x80) != 0 ? Indexed()
                : (first & 0x40) != 0 ? Literal(prefix: 6, keeps: true) : Literal(prefix: 4, keeps: false);
            return read || Fail();
        }

        return false;
    }

    /// <summary>The size changes at the beginning of a block alone (4.2).</summary>
    bool Resize() => !_begun && Number(5, out var size) && table.TryResize(size);

    bool Indexed()
    {
        if (!Number(7, out var index) || !Has(index)) return false;
        Name = NameOf(index);
        Value = ValueOf(index);
        return true;
    }

    bool Literal(int prefix, bool keeps)
    {
        if (!Number(prefix, out var index)) return false;
        if (index == 0)
        {
            if (!Text(out var name)) return false;
            Name = name;
        }
        else
        {
            if (!Has(index)) return false;
            Name = NameOf(index);
        }

        if (!Text(out var value)) return false;
        Value = value;
        // A name in the table's old store stays readable, also when the table moves to a new one.
        if (keeps) table.Add(Name, Value);
        return true;
    }

    readonly bool Has(int index) => index > 0 && index <= StaticTable.Count + table.Count;

    readonly ReadOnlySpan<byte> NameOf(int index) => index <= StaticTable.Count
        ? StaticTable.Name(index)
        : table.Name(index - StaticTable.Count - 1);

    readonly ReadOnlySpan<byte> ValueOf(int index) => index <= StaticTable.Count
        ? StaticTable.Value(index)
        : table.Value(index - StaticTable.Count - 1);

    bool Text(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (_left.Length == 0) return false;
        var coded = (_left[0] & 0x80) != 0;
        if (!Number(7, out var length) || length > _left.Length) return false;
        var bytes = _left[..length];
        _left = _left[length..];
        text = bytes;
        if (!coded) return true;
        if (_scratch.Length - _written < Huffman.RoomFor(length)) return false;
        var into = _scratch[_written..];
        var count = Huffman.Decode(bytes, into);
        if (count < 0) return false;
        text = into[..count];
        _written += count;
        return true;
    }

    /// <summary>A number that begins in the lower bits of a byte (5.1). Four more bytes are enough here.</summary>
    bool Number(int prefix, out int number)
    {
        number = 0;
        if (_left.Length == 0) return false;
        var most = (1 << prefix) - 1;
        number = _left[0] & most;
        _left = _left[1..];
        if (number < most) return true;
        for (var shift = 0; shift < 28 && _left.Length > 0; shift += 7)
        {
            var next = _left[0];
            _left = _left[1..];
            number += (next & 0x7F) << shift;
            if ((next & 0x80) == 0) return true;
        }

        return false;
    }

    bool Fail()
    {
        Failed = true;
        return false;
    }
}

namespace Slipway.Gateway.Http;

/// <summary>
/// The head of a request, read where it lies: every part is a slice of the buffer that it arrived in. One object serves
/// all requests of a connection, so that a request costs no allocation.
/// </summary>
public sealed class RequestHead
{
    readonly List<Field> _fields = new(32);
    byte[] _bytes = [];

    readonly record struct Field(Slice Name, Slice Value);

    /// <summary>A part of the buffer.</summary>
    public readonly record struct Slice(int Start, int Length);

    Slice _method, _path, _query, _host;

    public ReadOnlySpan<byte> Method => At(_method);

    /// <summary>As sent, up to the question mark.</summary>
    public ReadOnlySpan<byte> Path => At(_path);

    /// <summary>Without its question mark; empty when there is none.</summary>
    public ReadOnlySpan<byte> Query => At(_query);

    /// <summary>Without its port, as sent.</summary>
    public ReadOnlySpan<byte> Host => At(_host);

    public int Count => _fields.Count;

    public ReadOnlySpan<byte> Name(int index) => At(_fields[index].Name);

    public ReadOnlySpan<byte> Value(int index) => At(_fields[index].Value);

    /// <summary>The first field of this name, whatever its case.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (var field in _fields)
            if (System.Text.Ascii.EqualsIgnoreCase(At(field.Name), name))
            {
                value = At(field.Value);
                return true;
            }

        value = default;
        return false;
    }

    internal void Begin(byte[] bytes, Slice method, Slice path, Slice query)
    {
        (_bytes, _method, _path, _query, _host) = (bytes, method, path, query, default);
        _fields.Clear();
    }

    internal void Add(Slice name, Slice value) => _fields.Add(new(name, value));

    internal void For(Slice host) => _host = host;

    ReadOnlySpan<byte> At(Slice slice) => _bytes.AsSpan(slice.Start, slice.Length);
}

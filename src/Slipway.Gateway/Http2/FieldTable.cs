namespace Slipway.Gateway.Http2;

/// <summary>
/// The fields that one side has told the other before (RFC 7541, 2.3.2); the newest is the first. It holds nothing
/// before the first one comes, and never more than its size says.
/// </summary>
sealed class FieldTable
{
    /// <summary>What an entry counts beside its letters (4.1).</summary>
    public const int EntryOverhead = 32;

    const int FirstStore = 512, FirstEntries = 16;

    byte[] _store = [];
    Entry[] _entries = [];
    int _oldest, _end;

    readonly int _limit;

    /// <param name="limit">As it was told to the other side.</param>
    public FieldTable(int limit) => _limit = SizeMax = limit;

    readonly record struct Entry(int Start, int Name, int Value)
    {
        public int Size => Name + Value + EntryOverhead;
    }

    public int Count { get; private set; }
    public int Size { get; private set; }

    /// <summary>At most the limit that was told to the other side.</summary>
    public int SizeMax { get; private set; }

    /// <summary>False when it is larger than it may be.</summary>
    public bool TryResize(int size)
    {
        if (size > _limit) return false;
        SizeMax = size;
        Evict(0);
        return true;
    }

    /// <summary>The newest is number zero. Good until something is added.</summary>
    public ReadOnlySpan<byte> Name(int index) => _store.AsSpan(At(index).Start, At(index).Name);

    public ReadOnlySpan<byte> Value(int index) => _store.AsSpan(At(index).Start + At(index).Name, At(index).Value);

    /// <summary>What is larger than the whole table empties it (4.4). The name may be one of the table's.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var length = name.Length + value.Length;
        // The store is as large as two tables at most, and what is moved within it keeps its bytes until the end.
        if (length + EntryOverhead > SizeMax)
        {
            Evict(Size + 1);
            return;
        }

        var store = RoomFor(length);
        name.CopyTo(store.AsSpan(_end));
        value.CopyTo(store.AsSpan(_end + name.Length));
        _store = store;
        Evict(length + EntryOverhead);
        if (Count == _entries.Length) GrowEntries();
        _entries[(_oldest + Count) % _entries.Length] = new(_end, name.Length, value.Length);
        Count++;
        Size += length + EntryOverhead;
        _end += length;
    }

    Entry At(int index) => _entries[(_oldest + Count - 1 - index) % _entries.Length];

    void Evict(int coming)
    {
        while (Count > 0 && Size + coming > SizeMax)
        {
            Size -= _entries[_oldest].Size;
            _oldest = (_oldest + 1) % _entries.Length;
            Count--;
        }
    }

    /// <summary>
    /// A store with room behind its end. It is another one when there was none, so that a name that lies in the old one
    /// can still be copied.
    /// </summary>
    byte[] RoomFor(int length)
    {
        if (_store.Length - _end >= length) return _store;
        var start = Count == 0 ? _end : _entries[_oldest].Start;
        var live = _end - start;
        var size = Math.Max(FirstStore, _store.Length);
        while (size < 2 * (live + length) && size < 2 * _limit) size *= 2;
        var store = new byte[Math.Max(size, live + length)];
        _store.AsSpan(start, live).CopyTo(store);
        for (var i = 0; i < Count; i++)
        {
            ref var entry = ref _entries[(_oldest + i) % _entries.Length];
            entry = entry with { Start = entry.Start - start };
        }

        _end = live;
        return store;
    }

    void GrowEntries()
    {
        var entries = new Entry[Math.Max(FirstEntries, _entries.Length * 2)];
        for (var i = 0; i < Count; i++) entries[i] = _entries[(_oldest + i) % _entries.Length];
        (_entries, _oldest) = (entries, 0);
    }
}

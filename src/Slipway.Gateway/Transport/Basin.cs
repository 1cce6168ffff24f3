namespace Slipway.Gateway.Transport;

/// <summary>A buffer and the part of it that holds something; no buffer while it holds nothing.</summary>
struct Basin(Buffers buffers)
{
    public byte[] Bytes { get; private set; } = [];
    public int Start { get; private set; }
    public int End { get; private set; }

    public readonly int Count => End - Start;
    public readonly int Room => Bytes.Length - End;
    public readonly ReadOnlySpan<byte> Held => Bytes.AsSpan(Start, End - Start);
    /// <summary>What is free behind what is held.</summary>
    public readonly Span<byte> Space => Bytes.AsSpan(End);

    public readonly ReadOnlyMemory<byte> HeldMemory => Bytes.AsMemory(Start, End - Start);

    /// <summary>Room in front is for what is put before the first bytes that come.</summary>
    public void Open(int size, int inFront = 0)
    {
        if (Bytes.Length > 0) return;
        Bytes = buffers.Rent(size);
        Start = End = inFront;
    }

    public int ReceiveFrom(Wire wire, int most = int.MaxValue)
    {
        var count = wire.Receive(Bytes.AsSpan(End, Math.Min(Room, most)));
        if (count > 0) End += count;
        return count;
    }

    public void Skip(int count)
    {
        Start += count;
        if (Start == End) Start = End = 0;
    }

    /// <summary>So much was written into the space behind.</summary>
    public void Advance(int count) => End += count;

    public void MoveToFront()
    {
        Bytes.AsSpan(Start, Count).CopyTo(Bytes);
        (Start, End) = (0, Count);
    }

    /// <summary>What is held is at the same place of a larger buffer. False when there is none larger.</summary>
    public bool Grow()
    {
        if (Bytes.Length >= Buffers.Large) return false;
        var larger = buffers.Rent(Buffers.Large);
        Bytes.AsSpan(Start, Count).CopyTo(larger.AsSpan(Start));
        buffers.Return(Bytes);
        Bytes = larger;
        return true;
    }

    public void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Bytes.AsSpan(End));
        End += bytes.Length;
    }

    /// <summary>
    /// Puts something directly before the <paramref name="count"/> bytes at this place, and tells where both are.
    /// </summary>
    public readonly (int Start, int Count) PutBefore(int at, ReadOnlySpan<byte> bytes, int count)
    {
        bytes.CopyTo(Bytes.AsSpan(at - bytes.Length));
        return (at - bytes.Length, bytes.Length + count);
    }

    public void Clear() => Start = End = 0;

    public void Close()
    {
        if (Bytes.Length > 0) buffers.Return(Bytes);
        (Bytes, Start, End) = ([], 0, 0);
    }
}

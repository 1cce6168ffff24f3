namespace Slipway.Gateway.Transport;

/// <summary>
/// The buffers of one loop. They stay where they are in memory, so that the kernel may be told of them, and are held
/// only while something is in them: a connection that waits has none.
/// </summary>
sealed class Buffers
{
    public const int Small = 8 * 1024, Large = 64 * 1024;
    const int Encryption = 20 * 1024;
    const int SmallKept = 1024, LargeKept = 128;

    readonly Stack<byte[]> _small = new(), _large = new();

    /// <summary>For what is built and sent at once, or copied when it could not be.</summary>
    public byte[] Scratch { get; } = New(Large * 2);

    /// <summary>For what has yet to be decrypted: a record, and room to see that no more is there.</summary>
    public byte[] Encrypted { get; } = New(Encryption);

    public byte[] Rent(int size) => size <= Small
        ? _small.TryPop(out var small) ? small : New(Small)
        : _large.TryPop(out var large) ? large : New(Large);

    public void Return(byte[] bytes)
    {
        if (bytes.Length == Small && _small.Count < SmallKept) _small.Push(bytes);
        else if (bytes.Length == Large && _large.Count < LargeKept) _large.Push(bytes);
    }

    static byte[] New(int size) => GC.AllocateUninitializedArray<byte>(size, pinned: true);
}

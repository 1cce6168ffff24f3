using System.Runtime.InteropServices;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Mirroring;

/// <summary>
/// Tells whether two bodies are the same, however they came in pieces. No protection against anybody who wants two
/// bodies to look alike: the answers of one's own versions are compared.
/// </summary>
public struct BodyDigest
{
    ulong _hash;
    ulong _rest;
    long _length;

    public readonly ulong Value => Chance.Mix(Step(_hash, _rest) ^ (ulong)_length);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && (_length & 7) != 0) AddByte(ref bytes);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) _hash = Step(_hash, word);
        _length += bytes.Length & ~7;
        bytes = bytes[(bytes.Length & ~7)..];
        while (!bytes.IsEmpty) AddByte(ref bytes);
    }

    void AddByte(ref ReadOnlySpan<byte> bytes)
    {
        _rest |= (ulong)bytes[0] << (int)(8 * (_length & 7));
        bytes = bytes[1..];
        if ((++_length & 7) != 0) return;
        _hash = Step(_hash, _rest);
        _rest = 0;
    }

    static ulong Step(ulong hash, ulong word)
    {
        var high = Math.BigMul(hash ^ word ^ 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, out var low);
        return high ^ low;
    }
}

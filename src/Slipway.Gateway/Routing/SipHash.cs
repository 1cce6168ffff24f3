using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Gateway.Routing;

/// <summary>
/// SipHash-2-4: a keyed hash of 64 bits that nobody without the key can foresee. It seals cookies, and places users
/// when the key is made of the salt.
/// </summary>
readonly record struct SipHash(ulong K0, ulong K1)
{
    /// <summary>A key of its own for each purpose, from one secret.</summary>
    public static SipHash Derived(ReadOnlySpan<byte> secret, string purpose)
    {
        Span<byte> key = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(purpose), key);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));
    }

    public static SipHash Salted(string salt) => Derived([], salt);

    public ulong Of(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Of(bytes);
    }

    public ulong Of(ReadOnlySpan<byte> bytes)
    {
        var v0 = 0x736f6d6570736575UL ^ K0;
        var v1 = 0x646f72616e646f6dUL ^ K1;
        var v2 = 0x6c7967656e657261UL ^ K0;
        var v3 = 0x7465646279746573UL ^ K1;
        var last = (ulong)bytes.Length << 56;

        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            var m = BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
            v3 ^= m;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= m;
        }

        var rest = bytes[(bytes.Length & ~7)..];
        for (var i = 0; i < rest.Length; i++) last |= (ulong)rest[i] << (8 * i);
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;
        v2 ^= 0xff;
        for (var i = 0; i < 4; i++) Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Gateway.Routing;

/// <summary>An address of either family in sixteen bytes: that of version 4 in its mapped form.</summary>
public readonly record struct Address(UInt128 Bits)
{
    const int MappedBits = 96;
    static readonly UInt128 Mapped = new(0, 0xFFFF_0000_0000);

    /// <summary>From four or sixteen bytes in network order.</summary>
    public static Address From(ReadOnlySpan<byte> bytes) => bytes.Length == 4
        ? new(Mapped | BinaryPrimitives.ReadUInt32BigEndian(bytes))
        : new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public static Address From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return From(bytes[..length]);
    }

    public void CopyTo(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        CopyTo(bytes);
        var address = new IPAddress(bytes);
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    /// <summary>As text, of version 6 without leaving out zeros; returns the length.</summary>
    internal int Write(Span<byte> into)
    {
        var length = 0;
        if (Bits >> 32 == Mapped >> 32)
        {
            for (var shift = 24; shift >= 0; shift -= 8)
            {
                ((byte)(Bits >> shift)).TryFormat(into[length..], out var digits, default, null);
                length += digits;
                if (shift > 0) into[length++] = (byte)'.';
            }

            return length;
        }

        for (var shift = 112; shift >= 0; shift -= 16)
        {
            ((ushort)(Bits >> shift)).TryFormat(into[length..], out var digits, "x", null);
            length += digits;
            if (shift > 0) into[length++] = (byte)':';
        }

        return length;
    }

    /// <summary>The bits of a network that a comparison looks at, counted for the mapped form.</summary>
    internal static int PrefixOf(IPNetwork network) => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        ? network.PrefixLength + MappedBits
        : network.PrefixLength;
}

/// <summary>Who asks, and whether nobody can listen on the way here.</summary>
public readonly record struct Caller(Address Address, bool Secure);

/// <summary>A range of addresses, like 10.0.0.0/8.</summary>
readonly struct Network
{
    readonly UInt128 _base;
    readonly UInt128 _mask;

    public Network(IPNetwork network)
    {
        var prefix = Address.PrefixOf(network);
        _mask = prefix == 0 ? 0 : UInt128.MaxValue << (128 - prefix);
        _base = Address.From(network.BaseAddress).Bits & _mask;
    }

    public bool Contains(Address address) => (address.Bits & _mask) == _base;

    /// <summary>A single address is a network of its own.</summary>
    public static bool TryParse(string text, out Network network)
    {
        network = default;
        if (IPNetwork.TryParse(text, out var parsed)) network = new(parsed);
        else if (IPAddress.TryParse(text, out var address)) network = new(new IPNetwork(address, FullLength(address)));
        else return false;
        return true;
    }

    static int FullLength(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
}

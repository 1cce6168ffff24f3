using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Gateway.Transport;

/// <summary>Addresses as the kernel writes them.</summary>
static class RawAddress
{
    public const int LengthMax = 28;
    const int Family4 = 2, Family6 = 10;

    public static int FamilyOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? Family4 : Family6;

    /// <summary>Returns the length.</summary>
    public static int Write(IPAddress address, int port, Span<byte> into)
    {
        into[..LengthMax].Clear();
        BitConverter.TryWriteBytes(into, (ushort)FamilyOf(address));
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)port);
        if (FamilyOf(address) == Family4)
        {
            address.TryWriteBytes(into[4..], out _);
            return 16;
        }

        address.TryWriteBytes(into[8..], out _);
        BitConverter.TryWriteBytes(into[24..], (uint)address.ScopeId);
        return LengthMax;
    }

    public static int PortOf(ReadOnlySpan<byte> address) => BinaryPrimitives.ReadUInt16BigEndian(address[2..]);

    /// <summary>Four or sixteen bytes in network order; none of other families.</summary>
    public static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> address) => BitConverter.ToUInt16(address) switch
    {
        Family4 => address.Slice(4, 4),
        Family6 => address.Slice(8, 16),
        _ => default,
    };
}

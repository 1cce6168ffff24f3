using System.Buffers.Binary;

namespace Slipway.Gateway.Http2;

/// <summary>What one side tells of itself (RFC 9113, 6.5).</summary>
static class SettingsFrame
{
    public const int EntryBytes = 6;

    const int FrameSizeMost = (1 << 24) - 1;

    public static void Write(Span<byte> into, int index, Setting setting, int value)
    {
        BinaryPrimitives.WriteInt16BigEndian(into[(index * EntryBytes)..], (short)setting);
        BinaryPrimitives.WriteInt32BigEndian(into[(index * EntryBytes + 2)..], value);
    }

    /// <summary>False when the trunk has to end.</summary>
    public static bool Apply(ReadOnlySpan<byte> payload, Trunk trunk)
    {
        for (; payload.Length > 0; payload = payload[EntryBytes..])
        {
            var value = BinaryPrimitives.ReadUInt32BigEndian(payload[2..]);
            switch ((Setting)BinaryPrimitives.ReadUInt16BigEndian(payload))
            {
                case Setting.HeaderTableSize:
                    trunk.SayNoTable();
                    break;
                case Setting.EnablePush when value > 1:
                case Setting.FrameSize when value is < Frame.LengthMax or > FrameSizeMost:
                    return trunk.Fail(Breach.BadSetting);
                case Setting.InitialWindow when value > int.MaxValue:
                    return trunk.Fail(Breach.WindowOverflow);
                case Setting.InitialWindow:
                    if (!trunk.WidenAll((int)value)) return false;
                    break;
            }
        }

        return true;
    }
}

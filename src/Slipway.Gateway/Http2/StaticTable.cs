using System.Text;

namespace Slipway.Gateway.Http2;

/// <summary>The fields that both sides know from the beginning (RFC 7541, appendix A).</summary>
static class StaticTable
{
    public const int Count = 61;
    public const int Status200 = 8;

    static readonly (byte[] Name, byte[] Value)[] Entries = [.. new[]
    {
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"),
        (":scheme", "http"), (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"),
        (":status", "304"), (":status", "400"), (":status", "404"), (":status", "500"), ("accept-charset", ""),
        ("accept-encoding", "gzip, deflate"), ("accept-language", ""), ("accept-ranges", ""), ("accept", ""),
        ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""), ("cache-control", ""),
        ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""),
        ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""),
        ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""), ("if-unmodified-since", ""),
        ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""), ("proxy-authenticate", ""),
        ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""),
        ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""),
        ("user-agent", ""), ("vary", ""), ("via", ""), ("www-authenticate", ""),
    }.Select(entry => (Encoding.ASCII.GetBytes(entry.Item1), Encoding.ASCII.GetBytes(entry.Item2)))];

    /// <summary>By the length of their names: the indices of those that an answer may have.</summary>
    static readonly int[][] ByLength = [.. Enumerable.Range(0, Entries.Max(entry => entry.Name.Length) + 1)
        .Select(length => Enumerable.Range(1, Count)
            .Where(index => Entries[index - 1].Name.Length == length && Entries[index - 1].Name[0] != (byte)':')
            .ToArray())];

    public static ReadOnlySpan<byte> Name(int index) => Entries[index - 1].Name;
    public static ReadOnlySpan<byte> Value(int index) => Entries[index - 1].Value;

    /// <summary>Zero when no field has this name, which is in small letters.</summary>
    public static int Find(ReadOnlySpan<byte> name)
    {
        if (name.Length >= ByLength.Length) return 0;
        foreach (var index in ByLength[name.Length])
            if (Name(index).SequenceEqual(name)) return index;
        return 0;
    }

    /// <summary>Zero when this status has no place of its own.</summary>
    public static int FindStatus(int status) => status switch
    {
        200 => Status200,
        204 => 9,
        206 => 10,
        304 => 11,
        400 => 12,
        404 => 13,
        500 => 14,
        _ => 0,
    };
}

using System.Buffers;
using System.Text;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Mirroring;

/// <summary>A request that a shadow is to get a copy of, while it lies where it was read.</summary>
readonly ref struct Original(RequestHead head, Caller caller)
{
    /// <summary>Beside those that speak of one connection, and those that are written anew.</summary>
    static readonly string[] NotCopied = ["trailer", "proxy-authorization"];

    public RequestHead Head => head;
    public ReadOnlySpan<byte> Id { get; init; }

    /// <summary>As it came, with its chunks.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>Nothing of the body is still to come.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Null where it cannot be copied.</summary>
    public byte[]? CopyOfBody()
    {
        if (!IsWhole || Body.Length > Limits.ShadowBody) return null;
        if (head.Framing != Framing.Chunked) return Body.ToArray();
        var data = new byte[Body.Length];
        var chunks = new ChunkReader(WireLimits.Default);
        chunks.Take(Body, data, out var count);
        return chunks.Ended ? data[..count] : null;
    }

    /// <summary>As the instance gets them that answers the user, and the user with it.</summary>
    public void WriteFields(List<(string Name, string Value)> fields)
    {
        for (var i = 0; i < head.Count; i++)
        {
            if (head.IsDropped(i, RequestWriter.Rewritten | Known.RequestId | Known.Expect)) continue;
            var name = Encoding.ASCII.GetString(head.Name(i));
            if (!NotCopied.Contains(name, StringComparer.OrdinalIgnoreCase))
                fields.Add((name, Encoding.Latin1.GetString(head.Value(i))));
        }

        WriteOrigin(fields);
        fields.Add(("X-Request-Id", Encoding.ASCII.GetString(Id)));
    }

    void WriteOrigin(List<(string Name, string Value)> fields)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(head.End - head.Start + RequestWriter.OriginExcess);
        var pen = new Pen(bytes);
        RequestWriter.WriteOrigin(ref pen, head, caller);
        foreach (var line in Encoding.Latin1.GetString(bytes, 0, pen.Length).Split("\r\n")[..^1])
            fields.Add((line[..line.IndexOf(':')], line[(line.IndexOf(':') + 2)..]));
        ArrayPool<byte>.Shared.Return(bytes);
    }
}

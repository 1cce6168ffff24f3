using System.Text;
using System.Text.Json;

namespace Slipway.Adapters.Postgres;

/// <summary>What nodes tell each other: who has appended, and to which streams. A hint, nothing more.</summary>
static class Notice
{
    public const string Channel = "slipway";

    /// <summary>More names than the server takes are none: whoever hears of it looks at all.</summary>
    public static string Of(string node, IEnumerable<string> streams)
    {
        var text = JsonSerializer.Serialize<string[]>([node, .. streams]);
        return Encoding.UTF8.GetByteCount(text) <= Limits.NoticeBytesMax
            ? text
            : JsonSerializer.Serialize<string[]>([node]);
    }

    /// <summary>Null when it is not one of ours.</summary>
    public static (string Node, IReadOnlyList<string> Streams)? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(text) is [var node, .. var streams] ? (node, streams) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

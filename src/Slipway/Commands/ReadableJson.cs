using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Commands;

/// <summary>How every command writes JSON.</summary>
internal static class ReadableJson
{
    /// <summary>Quotes and umlauts as they are: this goes to a terminal or a program, never into a page.</summary>
    public static JsonSerializerOptions With(JsonIgnoreCondition leftOut) => new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = leftOut,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

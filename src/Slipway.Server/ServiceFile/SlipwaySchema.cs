using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.ServiceFile.Keys;

namespace Slipway.ServiceFile;

/// <summary>The JSON Schema (draft 2020-12) of slipway.yaml, made from what the reader itself goes by.</summary>
public static class SlipwaySchema
{
    static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "slipway.yaml",
        };
        foreach (var (name, value) in ServiceKeys.File.Schema()) schema[name] = value?.DeepClone();
        return schema.ToJsonString(Readable);
    }
}

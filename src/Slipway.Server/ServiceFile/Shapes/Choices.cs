using System.Text.Json.Nodes;

namespace Slipway.ServiceFile.Shapes;

internal static class Choices
{
    /// <summary>One word of a few.</summary>
    public static Shape<T> Of<T>(params (string Word, T Means)[] words)
    {
        var all = string.Join(", ", words.Select(each => each.Word));
        var schema = new JsonObject { ["enum"] = new JsonArray([.. words.Select(each => (JsonNode)each.Word)]) };
        return new ScalarShape<T>(words.Length == 1 ? all : $"one of {all}", schema.ToJsonString(), text =>
        {
            var found = Array.FindIndex(words, each => each.Word == text);
            if (found >= 0) return new(words[found].Means);
            var near = Nearest.DidYouMean(text, words.Select(each => each.Word));
            return words.Length == 1 ? new(default, $"only {all} can stand here")
                : new(default, $"\"{text}\" is not one of {all}", near);
        });
    }

    /// <summary>The names of an enum, written as YAML writes names: rolledBack.</summary>
    public static Shape<T> Of<T>() where T : struct, Enum =>
        Of([.. Enum.GetValues<T>().Select(value => (Spelt(value.ToString()), value))]);

    public static Shape<string> Words(params string[] words) => Of([.. words.Select(word => (word, word))]);

    static string Spelt(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

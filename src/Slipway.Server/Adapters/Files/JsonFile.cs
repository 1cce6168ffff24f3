using System.Text.Json;
using Slipway.Releases;

namespace Slipway.Adapters.Files;

/// <summary>
/// A small file that is whole at any time: written beside its place, brought to the disk, then put there.
/// </summary>
static class JsonFile
{
    const string Unfinished = ".new";

    public static void Write<T>(string path, T content)
    {
        using (var file = new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, content, JournalFormat.Options);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Unfinished, path, overwrite: true);
    }

    /// <summary>
    /// Null when it was never written. What cannot be read is an error: to begin anew would forget the fence.
    /// </summary>
    public static T? Read<T>(string path)
        where T : class
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(file, JournalFormat.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"{path} is damaged: put a backup in its place. ({e.Message})", e);
        }
    }
}

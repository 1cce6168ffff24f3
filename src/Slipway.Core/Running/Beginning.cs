using System.Text.Json;
using Slipway.Releases;

namespace Slipway.Running;

/// <summary>
/// What a life of a runner begins with: a saved fold, if there is one, and how far the stream has come.
/// </summary>
public sealed record Beginning(string Stream, SavedFold? Saved, long? Head)
{
    public static Beginning Of(string stream) => new(stream, null, null);

    /// <summary>The fold is a cache: one that cannot be read, or knows more than the stream, is folded anew.</summary>
    public Service Restore()
    {
        try
        {
            if (Saved is { } saved && saved.Sequence <= Head) return JournalFormat.ReadService(saved.State);
        }
        catch (JsonException)
        {
            // Written by other code under the same version: the events say it all.
        }

        return new Service(Stream);
    }
}

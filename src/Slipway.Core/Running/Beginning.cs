using System.Text.Json;
using Slipway.Releases;

namespace Slipway.Running;

/// <summary>What a life of a runner begins with: a fold, saved or empty, and how far the stream has come.</summary>
public sealed record Beginning(Service Service, long? Head)
{
    public static Beginning Of(string stream) => new(new Service(stream), null);

    /// <summary>The fold is a cache: one that cannot be read, or knows more than the stream, is folded anew.</summary>
    public static Beginning Of(StreamHead head, SavedFold? saved)
    {
        try
        {
            if (saved is not null && saved.Sequence <= head.Sequence)
                return new(JournalFormat.ReadService(saved.State), head.Sequence);
        }
        catch (JsonException)
        {
            // Written by other code under the same version: the events say it all.
        }

        return new(new Service(head.Stream), head.Sequence);
    }
}

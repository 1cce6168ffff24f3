using System.Globalization;
using System.Text.Json;
using Slipway.Releases;
using Slipway.Running;

namespace Slipway.Adapters.Sqlite;

/// <summary>An event as it is stored: text, so that a person with a database at hand can read it.</summary>
sealed record Line(long Sequence, string At, string By, string? Command, string Body)
{
    public int Chars => At.Length + By.Length + (Command?.Length ?? 0) + Body.Length;

    public static Line Of(Recorded recorded) => new(
        recorded.Sequence,
        recorded.At.ToString("O", CultureInfo.InvariantCulture),
        recorded.By,
        recorded.Command,
        JournalFormat.Write(recorded.Event));

    public Recorded Read(string stream, Place place)
    {
        try
        {
            var at = DateTimeOffset.ParseExact(At, "O", CultureInfo.InvariantCulture);
            return new(Sequence, at, JournalFormat.ReadEvent(Body)) { By = By, Command = Command };
        }
        // The checksum has been seen to fit, so this is what was written: by a program that knows more kinds of events.
        catch (Exception e) when (e is JsonException or FormatException or NotSupportedException)
        {
            throw new JournalException(
                $"Event {Sequence} of '{stream}' in {place.Database} is of a kind that this Slipway does not know. "
                + "Run the newer Slipway that wrote it.", e);
        }
    }
}

using System.Globalization;
using System.Text.Json;
using Slipway.Releases;
using Slipway.Running;

namespace Slipway.Adapters.Journals;

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

    /// <param name="where">The store, as people call it.</param>
    public Recorded Read(string stream, string where)
    {
        try
        {
            var at = DateTimeOffset.ParseExact(At, "O", CultureInfo.InvariantCulture);
            return new(Sequence, at, JournalFormat.ReadEvent(Body)) { By = By, Command = Command };
        }
        // Stores notice what was changed since, so this is what was written: by a program that knows more kinds.
        catch (Exception e) when (e is JsonException or FormatException or NotSupportedException)
        {
            throw new JournalException(
                $"Event {Sequence} of '{stream}' in {where} is of a kind that this Slipway does not know. "
                + "Run the newer Slipway that wrote it.", e);
        }
    }
}

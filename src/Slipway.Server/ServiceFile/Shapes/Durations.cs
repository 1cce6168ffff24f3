using System.Buffers;

namespace Slipway.ServiceFile.Shapes;

/// <summary>
/// 500ms, 30s, 5m, 1h30m, 2d. A number without a unit is refused: nobody could tell seconds from minutes.
/// </summary>
internal static class Durations
{
    static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    static readonly (string Unit, TimeSpan Long)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    public static readonly Shape<TimeSpan> Any = From(TimeSpan.Zero);

    /// <summary>More than nothing.</summary>
    public static readonly Shape<TimeSpan> Some = From(TimeSpan.FromMilliseconds(1));

    /// <summary>How long an answer may take: who writes 200 means milliseconds.</summary>
    public static readonly Shape<TimeSpan> Latency = From(TimeSpan.FromMilliseconds(1), text => $"{text}ms or {text}s");

    public static Shape<TimeSpan> From(TimeSpan least) => From(least, text => $"{text}s or {text}m");

    static ScalarShape<TimeSpan> From(TimeSpan least, Func<string, string> meant) => new(
        "a duration, like 30s or 1h30m",
        """{ "type": "string", "pattern": "^(\\d+(\\.\\d+)?(ms|s|m|h|d))+$" }""", text =>
        {
            if (Numbers.TryParse(text, out _))
                return new(default, $"\"{text}\" has no unit", $"write {meant(text)}");
            if (!TryParse(text, out var time))
                return new(default, $"\"{text}\" is not a duration", "write it like 500ms, 30s, 5m, 1h30m or 2d");
            if (time < least) return new(default, $"{text} is too short", "at least 1ms");
            return time <= Limits.Time ? new(time)
                : new(default, $"{text} is too long", $"at most {Limits.Time.TotalDays}d");
        });

    public static bool TryParse(string text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !Numbers.TryParse(rest[..digits].ToString(), out var number)) return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAny(Digits) is var end and >= 0 ? end : rest.Length;
            var unit = rest[..letters].ToString();
            rest = rest[letters..];
            if (Array.Find(Units, each => each.Unit == unit) is not { Unit: not null } known) return false;
            var ticks = time.Ticks + number * known.Long.Ticks;
            if (ticks > TimeSpan.MaxValue.Ticks / 2) return false;
            time = TimeSpan.FromTicks((long)Math.Round(ticks));
        }
        return text.Length > 0;
    }
}

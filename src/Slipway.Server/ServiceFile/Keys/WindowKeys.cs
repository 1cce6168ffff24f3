using System.Globalization;
using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class WindowKeys
{
    static readonly Shape<DayOfWeek> Day = Choices.Of(
        ("mon", DayOfWeek.Monday), ("tue", DayOfWeek.Tuesday), ("wed", DayOfWeek.Wednesday),
        ("thu", DayOfWeek.Thursday), ("fri", DayOfWeek.Friday), ("sat", DayOfWeek.Saturday), ("sun", DayOfWeek.Sunday));

    static readonly Shape<(TimeOnly From, TimeOnly To)> Hours = new ScalarShape<(TimeOnly, TimeOnly)>(
        "two times of day, like \"14:00-18:00\"",
            """{ "type": "string", "pattern": "^\\d\\d:\\d\\d ?- ?\\d\\d:\\d\\d$" }""", text =>
        {
            var ends = text.Split('-', StringSplitOptions.TrimEntries);
            return ends.Length == 2 && Time(ends[0]) is { } from && Time(ends[1]) is { } to
                ? new((from, to))
                : new(default, $"\"{text}\" is not a time of day to another");
        });

    static readonly Shape<string> Zone = new ScalarShape<string>("a time zone, like Europe/Berlin",
        """{ "type": "string" }""",
        text => TimeZoneInfo.TryFindSystemTimeZoneById(text, out _) ? new(text)
            : new(null, $"\"{text}\" is no time zone that is known here"));

    static readonly MapShape<Times> When = new MapShape<Times>("window", new([], default, default))
        .Key("days", Lists.OneOrMore(Day), "The days; none named means every day.",
            (times, days) => times with { Days = days }, "[]")
        .Key("hours", Hours, "From and to; past midnight when the second is the earlier one.",
            (times, hours) => times with { From = hours.From, To = hours.To }, "00:00-24:00");

    static readonly MapShape<ChangeWindow> Window = new MapShape<ChangeWindow>("windows",
        new(default, [], default, default))
        .Key("only", When, "Releases begin in these times only; at others a deploy is refused.",
            (window, times) => times.Into(window, WindowKind.Only))
        .Key("avoid", When, "Releases do not begin in these times: a deploy is refused.",
            (window, times) => times.Into(window, WindowKind.Avoid))
        .ExactlyOne("only", "avoid")
        .Key("zone", Zone, "Whose clock counts.", (window, zone) => window with { Zone = zone }, "UTC")
        .Key("why", Texts.Any, "Told to whoever comes at the wrong time.", (window, why) => window with { Why = why });

    public static readonly Shape<Seq<ChangeWindow>> Windows = Lists.Of(Window);

    static TimeOnly? Time(string text) => text == "24:00" ? TimeOnly.MinValue
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time
            : null;

    sealed record Times(Seq<DayOfWeek> Days, TimeOnly From, TimeOnly To)
    {
        public ChangeWindow Into(ChangeWindow window, WindowKind kind) =>
            window with { Kind = kind, Days = Days, From = From, To = To };
    }
}

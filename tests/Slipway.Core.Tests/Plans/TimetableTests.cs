using Shouldly;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>When changes may begin, also in the nights in which clocks are put forward or back.</summary>
public sealed class TimetableTests
{
    static readonly Seq<DayOfWeek> Workdays =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday];

    [Theory]
    [InlineData("2026-11-20T07:59:00Z", "Mon 2026-11-23 09:00 in Europe/Berlin")]
    [InlineData("2026-11-19T16:00:00Z", "Mon 2026-11-23 09:00 in Europe/Berlin")]
    [InlineData("2026-11-18T07:00:30Z", "Wed 2026-11-18 09:00 in Europe/Berlin")]
    // In summer nine o'clock is an hour earlier; the clocks change between Friday and Monday.
    [InlineData("2026-03-27T12:00:00Z", "Mon 2026-03-30 09:00 in Europe/Berlin")]
    [InlineData("2026-10-23T12:00:00Z", "Mon 2026-10-26 09:00 in Europe/Berlin")]
    public void The_next_time_that_is_open_is_told_in_the_window_s_own_zone(string now, string opens)
    {
        Seq<ChangeWindow> office =
            [new(WindowKind.Only, Workdays, new(9, 0), new(17, 0)) { Zone = "Europe/Berlin" }];
        Timetable.Closed(office, At(now)).Count.ShouldBe(1);
        Timetable.Opens(office, At(now)).ShouldBe(opens);
    }

    [Theory]
    [InlineData("2026-03-30T06:59:59Z", false)]
    [InlineData("2026-03-30T07:00:00Z", true)]
    [InlineData("2026-10-26T07:59:59Z", false)]
    [InlineData("2026-10-26T08:00:00Z", true)]
    public void An_hour_of_the_day_is_what_the_clocks_there_say(string now, bool open) => Timetable.Closed(
        [new(WindowKind.Only, Workdays, new(9, 0), new(17, 0)) { Zone = "Europe/Berlin" }], At(now)).Count
        .ShouldBe(open ? 0 : 1);

    [Fact]
    public void An_hour_that_comes_twice_is_avoided_twice_and_one_that_is_left_out_not_at_all()
    {
        Seq<ChangeWindow> night = [new(WindowKind.Avoid, [], new(2, 0), new(3, 0)) { Zone = "Europe/Berlin" }];
        Timetable.Opens(night, At("2026-10-25T00:00:00Z")).ShouldBe("Sun 2026-10-25 03:00 in Europe/Berlin");
        Timetable.Closed(night, At("2026-10-25T00:30:00Z")).Count.ShouldBe(1);
        Timetable.Closed(night, At("2026-10-25T01:30:00Z")).Count.ShouldBe(1);
        Timetable.Closed(night, At("2026-03-29T01:00:00Z")).ShouldBeEmpty();
    }

    [Fact]
    public void A_night_is_avoided_past_midnight() => Timetable.Opens(
        [new(WindowKind.Avoid, [DayOfWeek.Friday], new(16, 0), new(8, 0))], At("2026-11-20T17:00:00Z"))
        .ShouldBe("Sat 2026-11-21 08:00 in UTC");

    [Fact]
    public void Windows_that_leave_nothing_open_say_so() => Timetable.Opens(
        [
            new(WindowKind.Only, [DayOfWeek.Monday], new(9, 0), new(10, 0)),
            new(WindowKind.Avoid, [DayOfWeek.Monday], default, default),
        ], At("2026-11-20T17:00:00Z")).ShouldBeNull();

    static DateTimeOffset At(string time) =>
        DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}

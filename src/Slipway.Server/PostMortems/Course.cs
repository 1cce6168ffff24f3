using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.PostMortems;

/// <summary>When users met a version that failed, when that was found, and when the last of them was off it.</summary>
sealed record Course(DateTimeOffset Began, DateTimeOffset Ended)
{
    public DateTimeOffset? Met { get; private init; }
    public DateTimeOffset? Found { get; private init; }
    public DateTimeOffset? Gone { get; private init; }

    /// <summary>Who or what wanted it back.</summary>
    public string By { get; private init; } = "";
    public string Why { get; private init; } = "";
    public string Reason { get; private init; } = "";

    public TimeSpan? ToDetect => Found - Met;
    public TimeSpan? ToUndo => Gone - Found;

    /// <param name="failed">The fleet that had to be taken back.</param>
    public static Course Of(string service, IEnumerable<Recorded> events, Past past, Fleet failed)
    {
        var (s, course) = (new Service(service), new Course(past.Began, past.Ended));
        foreach (var recorded in events)
        {
            var before = s;
            s = s.Apply(recorded);
            if (course.Met is null && WeightOf(s, failed) > Share.None && s.Run?.Step is Plans.Step.Shift)
                course = course with { Met = recorded.At };
            if ((s.Run ?? before.Run)?.Release != past.Release) continue;
            if (course.Found is null) course = course.With(recorded);
            // The event after the one that wants nobody there tells that every gateway obeys.
            else if (course.Gone is null && before.Run?.Step is Plans.Step.Shift
                && recorded.Event is Event.Entered or Event.Ended && WeightOf(before, failed) == Share.None)
                course = course with { Gone = recorded.At };
        }

        return course.Met is null ? course with { Gone = null } : course;
    }

    Course With(Recorded recorded) => recorded.Event switch
    {
        Event.TurnedBack x => Turned(recorded, x.Reason, x.Why),
        Event.Started { Kind: RunKind.Undo } x => Turned(recorded, x.Reason, x.Why),
        _ => this,
    };

    Course Turned(Recorded recorded, Reason reason, string why) => this with
    {
        Found = recorded.At,
        By = recorded.By,
        Reason = Reports.ReleaseReports.Word(reason),
        Why = why,
    };

    static Share WeightOf(Service s, Fleet fleet) => s.Want.Table.Value.ShareOf(fleet);
}

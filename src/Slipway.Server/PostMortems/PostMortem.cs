using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Client;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Reports;
using Slipway.Routing;

namespace Slipway.PostMortems;

/// <summary>
/// The draft of a post-mortem, as far as Slipway knows; what only people know is left open. A pure function of the
/// journal and of what was captured.
/// </summary>
sealed class PostMortem
{
    const string Open = "____";

    static readonly string[] ForPeople =
    [
        "Stable for an hour", "The cause", "The fix", "The test that would have found it",
        "The plan for the next attempt", "This page was discussed, on",
    ];

    static readonly JsonSerializerOptions Readable = new(JournalFormat.Options) { WriteIndented = true };

    readonly StringBuilder _text = new();
    readonly Service _s;
    readonly Past _past;
    readonly Capture _capture;
    readonly Course _course;
    readonly IReadOnlyList<EventReport> _story;

    PostMortem(Service s, Past past, IReadOnlyList<Recorded> events, Capture capture)
    {
        (_s, _past, _capture) = (s, past, capture);
        Failed = FailedIn(s, past) ?? past.Candidate;
        _course = Course.Of(s.Name, events, past, Failed);
        _story = [.. Story.Of(new Service(s.Name), events).Where(line => line.Release == past.Release)];
    }

    Fleet Failed { get; }

    /// <summary>The fleet that an undo by itself has left; none when the release is another.</summary>
    public static Fleet? FailedIn(Service s, Past past) => past.Kind != RunKind.Undo ? null
        : s.Revisions.FirstOrDefault(revision => revision.Failed?.Release == past.Release)?.Fleet;

    public static string Of(Service s, Past past, IReadOnlyList<Recorded> events, Capture capture)
    {
        var draft = new PostMortem(s, past, events, capture);
        draft.Write();
        return draft._text.ToString();
    }

    Revision Revision => _s.RevisionOf(Failed);

    Revision? Good => _past.Kind == RunKind.Undo ? _s.RevisionOf(_past.Candidate)
        : _past.From is { } from && from != Failed ? _s.RevisionOf(from) : null;

    void Write()
    {
        Line($"# Post-mortem of release {_past.Release}: {_s.Name} {Revision.Version} was taken back");
        Line("");
        Line("A draft, begun by Slipway at the moment it happened. What only people know is left open: "
            + $"{Open} and boxes without a cross.");
        Summary();
        Evidence();
        Measured();
        Instances();
        Logs();
        Timeline();
        Configuration();
        Checklist();
    }

    void Summary()
    {
        Heading("In short");
        Line("| | |");
        Line("| --- | --- |");
        Row("Service", $"{_s.Name}, {Revision.Spec.Environment}");
        Row("Versions", Good is { } good
            ? $"{Revision.Version} (revision {Revision.Number}), back on {good.Version} (revision {good.Number})"
            : $"{Revision.Version} (revision {Revision.Number}), and nothing before it");
        Row("Released", Released());
        Row("Began", Time(_past.Began));
        Row("Users met it", Time(_course.Met, "never"));
        Row("Found", Time(_course.Found));
        Row("Last user off it", Time(_course.Gone, _course.Met is null ? "none was on it" : Open));
        Row("Over", Time(_past.Ended));
        Row("To detect", Span(_course.ToDetect));
        Row("To undo", Span(_course.ToUndo));
        Row("Requests failed", FailedRequests());
        Row("Triggered by", $"{_course.Reason}: {_course.Why}");
        Row("By", _course.By is "slipway" or "" ? "itself" : _course.By);
        Row("Helped", _past.Verified switch { true => "yes, verified", false => "not shown", null => Open });
        Row("Impact on users and money", Open);
    }

    string Released()
    {
        var commit = Revision.Commit is { } id ? $", commit {id}" : "";
        var cause = Revision.Cause is { } because ? $", \"{because}\"" : "";
        var emergency = Revision.Emergency is { } why ? $", as an emergency: {why}" : "";
        return $"{StrategyNames.Of(Revision.Spec.Strategy)}, by {(Revision.By is "" ? Open : Revision.By)}"
            + $"{commit}{cause}{emergency}";
    }

    string FailedRequests() => _capture.Sides.FirstOrDefault(side => side.Role == "failed") is
    { Requests: { } requests, Errors: { } errors } ? Text($"{errors:N0} of {requests:N0}") : Open;

    void Evidence()
    {
        var judged = _story.Where(line => line.Evidence is not null).ToList();
        Heading("Evidence");
        foreach (var line in judged) Line($"- {line.Text}: {line.Evidence}");
        foreach (var answer in _story.Where(line => line is { Kind: "answered", Text: ['n', 'o', ':', ..] }))
            Line($"- a check said {answer.Text}");
        if (judged.Count == 0) Line($"- {_course.Why}");
    }

    void Measured()
    {
        Heading($"When it was found ({Time(_capture.At)})");
        Line("| version | ready | requests/s | errors | p50 | p99 | cpu | memory | requests | failed |");
        Line("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var side in _capture.Sides)
            Line(Text($"| {side.Version} ({side.Role}) | {side.Ready} of {side.Size} ")
                + $"| {Number(side.Traffic?.RequestsPerSecond)} | {Number(side.Traffic?.ErrorPercent, " %")} "
                + $"| {Number(side.Traffic?.P50Ms, " ms")} | {Number(side.Traffic?.P99Ms, " ms")} "
                + $"| {Number(side.Cpu * 100, " %")} | {Number(side.Memory * 100, " %")} "
                + $"| {Number(side.Requests)} | {Number(side.Errors)} |");
    }

    void Instances()
    {
        Heading("Instances");
        if (_capture.Instances.Count == 0) Line("None was there.");
        foreach (var one in _capture.Instances)
            Line($"- {one.Name} ({one.Version}): {one.State}, {one.Health}, {one.Crashes} crashes"
                + (one.Why.Length > 0 ? $"; {one.Why}" : ""));
    }

    void Logs()
    {
        Heading("What they said last");
        if (_capture.Logs.Count == 0) Line("Nothing.");
        foreach (var log in _capture.Logs)
        {
            Line($"{log.Instance}:");
            Line("");
            Line("````");
            Line(log.Text.Replace("````", "'''", StringComparison.Ordinal).TrimEnd());
            Line("````");
            Line("");
        }
    }

    void Timeline()
    {
        Heading("Timeline");
        Line("| time | what | who |");
        Line("| --- | --- | --- |");
        foreach (var line in _story)
            Line($"| {Time(line.At)} | {Cell(line.Text)} | {Cell(line.By is "" ? "-" : line.By)} |");
    }

    void Configuration()
    {
        Heading("Configuration");
        if (Good is { } good)
        {
            var changed = Changed(good).ToList();
            Line(changed.Count == 0 ? $"As that of {good.Version}."
                : $"Changed since {good.Version}: {string.Join(", ", changed)}.");
            Line("");
        }

        Line("```json");
        Line(JsonSerializer.Serialize(Revision.Spec, Readable));
        Line("```");
        Line("");
        var phases = _s.Want.Settings.Where(setting => setting.Value is not null)
            .Select(setting => $"{setting.Name} = {setting.Value}").ToList();
        Line($"Schema and flags: {(phases.Count == 0 ? "nothing is set" : string.Join(", ", phases))}."
            + (_s.Oldest > 0 ? $" Nothing older than revision {_s.Oldest} works with the schema." : ""));
    }

    IEnumerable<string> Changed(Revision good)
    {
        using var now = JsonSerializer.SerializeToDocument(Revision.Spec, JournalFormat.Options);
        using var before = JsonSerializer.SerializeToDocument(good.Spec, JournalFormat.Options);
        var all = before.RootElement.EnumerateObject().ToDictionary(key => key.Name, key => key.Value.GetRawText());
        return [.. now.RootElement.EnumerateObject()
            .Where(key => all.GetValueOrDefault(key.Name) != key.Value.GetRawText()).Select(key => key.Name)];
    }

    void Checklist()
    {
        var beside = _capture.Sides.FirstOrDefault(side => side.Role != "failed");
        var stable = beside is null ? "" : $" ({beside.Version} at the same time: {beside.Ready} of {beside.Size} ready"
            + (beside.Traffic?.ErrorPercent is { } errors ? Text($", {errors:0.##} % errors)") : ")");
        Heading("Checklist");
        Line("Before:");
        Line("");
        Item(true, $"Symptoms: {_course.Why}");
        Item(false, $"Was it the release, or what is below it{stable}? {Open}");
        Item(_capture.Sides.Count > 0, "Logs and measurements are kept: above");
        Item(false, $"Would a fix forward have been faster? {Open}");
        Line("");
        Line("During:");
        Line("");
        Item(_past.Verified == true, $"Health of {Good?.Version ?? "the service"} after it: "
            + (_past.Verified switch { true => "verified", false => "not shown to be well", null => Open }));
        Item(false, $"The database is consistent: {Open}");
        Item(false, $"The critical flows work: {Open}");
        foreach (var notice in _past.Notices) Item(false, $"Somebody has looked at: {notice}");
        Line("");
        Line("After:");
        Line("");
        foreach (var item in ForPeople) Item(false, $"{item}: {Open}");
    }

    void Item(bool done, string text) => Line($"- [{(done ? "x" : " ")}] {text}");

    void Heading(string text)
    {
        Line("");
        Line($"## {text}");
        Line("");
    }

    void Row(string name, string value) => Line($"| {name} | {Cell(value)} |");

    void Line(string text) => _text.Append(text).Append('\n');

    static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);

    static string Time(DateTimeOffset? at, string otherwise = Open) => at is { } time
        ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : otherwise;

    static string Span(TimeSpan? span) => span is { } time ? Timing.Text(time) : Open;

    static string Number(double? value, string unit = "") => value is { } number ? Text($"{number:#,0.##}{unit}") : "-";

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Plans;

namespace Slipway.Commands;

/// <summary>A plan as scripts read it. A contract: only ever add to it. Seconds, and shares in percent.</summary>
internal sealed record PlanReport(string Service, string Environment, string? From, string To, string Strategy)
{
    public required IEnumerable<StepReport> Steps { get; init; }
    public StepReport? Afterwards { get; init; }
    public int PeakInstances { get; init; }
    public double DowntimeSeconds { get; init; }
    public double ShortestSeconds { get; init; }
    public double ScheduledSeconds { get; init; }
    public required IEnumerable<string> WaitsFor { get; init; }
    public required BackReport Back { get; init; }
    public required DetectionReport Detection { get; init; }
    public required IEnumerable<string> Warnings { get; init; }
    public required IEnumerable<string> Notes { get; init; }
}

/// <param name="Undo">Null when there is nothing to take back.</param>
/// <param name="TakesAtMost">The time is a limit, as with approvals; no forecast.</param>
internal sealed record StepReport(
    int Number, string Kind, string Text, string? Undo, double TakesSeconds, bool TakesAtMost, double BackSeconds,
    double SharePercent, int Instances);

internal sealed record BackReport(string Text, double SlowestSeconds, double AtOnceForSeconds, double LaterSeconds);

internal sealed record DetectionReport(
    double RequestsPerSecond, string TrafficFrom, IEnumerable<HarmReport> Finds, IEnumerable<string> AlsoWatched);

internal sealed record HarmReport(string Text, IEnumerable<FoundReport> At);

/// <param name="AfterSeconds">Null when it is not found in the time of the step.</param>
internal sealed record FoundReport(double SharePercent, double? AfterSeconds);

internal sealed record ComparisonReport(
    string Service, string To, double RequestsPerSecond, IEnumerable<StrategyReport> Strategies);

/// <param name="FailedRequests">Until a version with 5 % errors is found out; null when nothing finds it.</param>
/// <param name="Impossible">Why this strategy cannot be; the figures are then zero.</param>
internal sealed record StrategyReport(string Strategy, bool Own, string? Impossible)
{
    public int PeakInstances { get; init; }
    public double DowntimeSeconds { get; init; }
    public double SlowestBackSeconds { get; init; }
    public double ShortestSeconds { get; init; }
    public double ScheduledSeconds { get; init; }
    public double? FailedRequests { get; init; }
    public string Judged { get; init; } = "";
}

[JsonSerializable(typeof(PlanReport))]
[JsonSerializable(typeof(ComparisonReport))]
internal sealed partial class PlanJson : JsonSerializerContext
{
    static readonly PlanJson Readable = new(ReadableJson.With(JsonIgnoreCondition.Never));

    public static string Text(Forecast forecast) => JsonSerializer.Serialize(Of(forecast), Readable.PlanReport);

    public static string Text(Situation situation, Seq<Compared> all, Outlook outlook) => JsonSerializer.Serialize(
        new(situation.Spec.Service, situation.Revision.Version, outlook.RequestsPerSecond, all.Select(Of)),
        Readable.ComparisonReport);

    static StrategyReport Of(Compared compared) => new(compared.Strategy, compared.Own, compared.Impossible)
    {
        PeakInstances = compared.Forecast?.PeakInstances ?? 0,
        DowntimeSeconds = compared.Forecast?.Downtime.TotalSeconds ?? 0,
        SlowestBackSeconds = compared.Forecast?.Back.Slowest.TotalSeconds ?? 0,
        ShortestSeconds = compared.Forecast?.Shortest.TotalSeconds ?? 0,
        ScheduledSeconds = compared.Forecast?.Scheduled.TotalSeconds ?? 0,
        FailedRequests = compared.FailedRequests is { } failed ? Math.Round(failed, 1) : null,
        Judged = compared.Judged,
    };

    static PlanReport Of(Forecast f) => new(f.Service, f.Environment, f.From, f.To, f.Strategy)
    {
        Steps = f.Rows.Select(Of),
        Afterwards = f.Tail is { } tail ? Of(tail) : null,
        PeakInstances = f.PeakInstances,
        DowntimeSeconds = f.Downtime.TotalSeconds,
        ShortestSeconds = f.Shortest.TotalSeconds,
        ScheduledSeconds = f.Scheduled.TotalSeconds,
        WaitsFor = f.WaitsFor,
        Back = new(f.Back.Text, f.Back.Slowest.TotalSeconds, f.Back.AtOnceFor.TotalSeconds, f.Back.Later.TotalSeconds),
        Detection = Of(f.Findings),
        Warnings = f.Warnings,
        Notes = f.Notes,
    };

    static StepReport Of(ForecastRow row) => new(
        row.Number, row.Kind, row.Text, row.Undo == "-" ? null : row.Undo, row.Takes.Time.TotalSeconds,
        row.Takes.Is == Certainty.AtMost, row.Back.TotalSeconds, row.Share.Basis / 100.0, row.Instances);

    static DetectionReport Of(Findings findings) => new(
        findings.RequestsPerSecond, findings.TrafficFrom.ToString().ToLowerInvariant(),
        findings.Rows.Select(row => new HarmReport(row.Text, findings.Columns.Zip(row.After, (column, after) =>
            new FoundReport(column.Share.Basis / 100.0, after is { } time ? Math.Round(time.TotalSeconds, 1) : null)))),
        findings.AlsoWatched);
}

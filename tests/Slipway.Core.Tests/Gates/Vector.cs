using System.Text.Json;
using Shouldly;

namespace Slipway.Gates;

/// <summary>Figures of the reference implementation; Vectors/README.md says how they are made.</summary>
static class Vector
{
    static readonly JsonDocument All =
        JsonDocument.Parse(typeof(Vector).Assembly.GetManifestResourceStream("judge.json")!);

    public static IEnumerable<JsonElement> Of(string name) => All.RootElement.GetProperty(name).EnumerateArray();

    public static double[] Numbers(this JsonElement row, string name) =>
        [.. row.GetProperty(name).EnumerateArray().Select(x => x.GetDouble())];

    public static double? Number(this JsonElement row, string name) =>
        row.TryGetProperty(name, out var x) && x.ValueKind == JsonValueKind.Number ? x.GetDouble() : null;

    public static double Out(this JsonElement row) => row.Number("out") ?? double.NaN;

    /// <summary>Equal up to rounding; the sums of hundreds of logarithms are rounded too.</summary>
    public static void ShouldMatch(this double actual, double expected, double relative = 1e-9)
    {
        if (double.IsNaN(expected)) return;
        Math.Abs(actual - expected).ShouldBeLessThanOrEqualTo(relative * Math.Max(Math.Abs(expected), 1e-12));
    }
}

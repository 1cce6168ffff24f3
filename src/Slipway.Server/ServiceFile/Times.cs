using Slipway.ServiceFile.Shapes;

namespace Slipway.ServiceFile;

/// <summary>A time as it may stand in a slipway.yaml, for whoever takes one elsewhere: 500ms, 5m, 1h30m.</summary>
public static class Times
{
    public static bool TryParse(string text, out TimeSpan time) => Durations.TryParse(text, out time);
}

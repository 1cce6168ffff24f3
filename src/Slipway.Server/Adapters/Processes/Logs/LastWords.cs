using System.Text.RegularExpressions;

namespace Slipway.Adapters.Processes.Logs;

/// <summary>What a program said before it ended: the best reason there is.</summary>
static partial class LastWords
{
    /// <summary>The last line that speaks of an error, else the last line. Empty when it has said nothing.</summary>
    public static string Of(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var line = lines.LastOrDefault(line => Error().IsMatch(line)) ?? lines.LastOrDefault() ?? "";
        line = Control().Replace(line, "?");
        return line.Length <= Limits.LastWordsMax ? line : line[..Limits.LastWordsMax] + "…";
    }

    /// <summary>However a program puts it that its port was taken.</summary>
    public static bool SpeakOfPort(string output) => InUse().IsMatch(output);

    [GeneratedRegex(@"error|exception|fatal|panic|fail|cannot|denied", RegexOptions.IgnoreCase)]
    private static partial Regex Error();

    [GeneratedRegex(@"EADDRINUSE|\b(address|port)\b.*\bin use\b", RegexOptions.IgnoreCase)]
    private static partial Regex InUse();

    [GeneratedRegex(@"[\p{Cc}\p{Cf}]")]
    private static partial Regex Control();
}

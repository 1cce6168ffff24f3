using System.Runtime.CompilerServices;

namespace Slipway.Support;

/// <summary>
/// Compares what a person would read with a file under Snapshots/ beside the test. A difference leaves what came as
/// *.received.txt; SLIPWAY_ACCEPT=1 takes it over.
/// </summary>
public static class Snapshot
{
    static bool Accepting => Environment.GetEnvironmentVariable("SLIPWAY_ACCEPT") == "1";

    public static void Match(string actual, [CallerFilePath] string file = "", [CallerMemberName] string test = "") =>
        Compare(actual, test, file);

    /// <summary>For tests with several cases: each has a name of its own.</summary>
    public static void MatchCase(string name, string actual, [CallerFilePath] string file = "",
        [CallerMemberName] string test = "") =>
        Compare(actual, $"{test}.{name}", file);

    /// <summary>The same for a file that is part of the project, like a generated page.</summary>
    public static void MatchFile(string path, string actual)
    {
        var expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (expected == actual) return;
        if (Accepting)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }
        var received = Path.ChangeExtension(path, ".received.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, actual);
        throw new SnapshotMismatchException($"{path} is different. To take it over: " +
            $"SLIPWAY_ACCEPT=1{Environment.NewLine}{Difference(expected, actual)}");
    }

    static void Compare(string actual, string name, string file) =>
        MatchFile(Path.Combine(Path.GetDirectoryName(file)!, "Snapshots",
            $"{Path.GetFileNameWithoutExtension(file)}.{name}.txt"),
            actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n");

    static string Difference(string expected, string actual)
    {
        var (before, after) = (expected.Split('\n'), actual.Split('\n'));
        var first = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        var from = Math.Max(0, first - 2);
        return string.Join(Environment.NewLine,
        [
            $"first difference on line {first + 1}:",
            .. before.Skip(from).Take(6).Select(line => $"  expected | {line}"),
            .. after.Skip(from).Take(6).Select(line => $"  received | {line}"),
        ]);
    }
}

public sealed class SnapshotMismatchException(string message) : Exception(message);

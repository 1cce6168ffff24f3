using System.Globalization;

namespace Slipway.Support.Traffic;

/// <summary>
/// What one version behind the real gateway did, second by second, with the load, the crashes and the stalls of a bad
/// day (<c>bench record</c>). A line is a second:
/// <c>cpu,memory cpu,memory crashes user:microseconds user:microseconds! …</c> of two instances, in per cent;
/// <c>!</c> is an error, <c>?</c> no answer.
/// </summary>
public sealed record Recording(IReadOnlyList<Recording.Second> Seconds)
{
    /// <summary>Recorded for the benchmarks and the tests.</summary>
    public static Recording OfABadDay { get; } =
        Read(File.ReadLines(Repository.File("tests", "Support", "Traffic", "recorded.txt")));

    public sealed record Second(Level One, Level Other, int Crashes, IReadOnlyList<Answer> Answers)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{One} {Other} {Crashes} {string.Join(' ', Answers)}");
    }

    /// <summary>What an instance used, in per cent of what it may.</summary>
    public readonly record struct Level(double Cpu, double Memory)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Cpu:0.#},{Memory:0.##}");
    }

    public readonly record struct Answer(int User, long Microseconds, bool IsBad, bool IsNone)
    {
        public override string ToString() => $"{User}:{Microseconds}{(IsNone ? "?" : IsBad ? "!" : "")}";
    }

    public static Recording Read(IEnumerable<string> lines) => new([.. lines.Select(SecondOf)]);

    static Second SecondOf(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(LevelOf(words[0]), LevelOf(words[1]), int.Parse(words[2], CultureInfo.InvariantCulture),
            [.. words.Skip(3).Select(AnswerOf)]);
    }

    static Level LevelOf(string word)
    {
        var parts = word.Split(',');
        return new(double.Parse(parts[0], CultureInfo.InvariantCulture),
            double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    static Answer AnswerOf(string word)
    {
        var (none, bad) = (word.EndsWith('?'), word.EndsWith('!'));
        var parts = word.TrimEnd('?', '!').Split(':');
        return new(int.Parse(parts[0], CultureInfo.InvariantCulture),
            long.Parse(parts[1], CultureInfo.InvariantCulture), bad || none, none);
    }
}

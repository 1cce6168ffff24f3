namespace Shop;

/// <summary>What is right and what is wrong with a version: the program is the same for all.</summary>
sealed record Behaviour(string Version, string Colour)
{
    const int Each = 20; // 5 % of the requests

    static readonly Behaviour[] Known =
    [
        new("1.0", "steelblue"),
        new("1.1", "seagreen"),
        new("1.2", "firebrick") { FailsAfter = TimeSpan.FromSeconds(5) },
        new("1.3", "goldenrod") { SlowsBy = TimeSpan.FromMilliseconds(20) },
        new("1.4", "slategray") { IsReady = false },
        new("1.5", "orangered") { CrashesAfter = TimeSpan.FromSeconds(10) },
        new("1.6", "sienna") { LeaksBytes = 64 * 1024 },
        new("2.0", "rebeccapurple"),
    ];

    public TimeSpan? FailsAfter { get; init; }

    /// <summary>Every twentieth answer takes longer by this, for each second that has passed.</summary>
    public TimeSpan SlowsBy { get; init; }
    public bool IsReady { get; init; } = true;
    public TimeSpan? CrashesAfter { get; init; }

    /// <summary>Kept for ever, for each request.</summary>
    public int LeaksBytes { get; init; }

    /// <summary>"1.2", or "1.2 like 1.0" for a 1.2 without its trouble. An unknown version is a good one.</summary>
    public static Behaviour Of(string text)
    {
        var words = text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var version = words is [var first, ..] ? first : "?";
        var like = words is [_, "like", var other] ? other : version;
        return (Array.Find(Known, known => known.Version == like) ?? new(like, "teal")) with { Version = version };
    }

    public bool Fails(long request, TimeSpan age) => age >= FailsAfter && request % Each == 0;

    public TimeSpan Slowness(long request, TimeSpan age) =>
        request % Each == 0 ? SlowsBy * Math.Min(age.TotalSeconds, 100) : TimeSpan.Zero;
}

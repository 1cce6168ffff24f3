using Slipway.Simulation.Harness;

namespace Slipway.Simulation.World;

/// <summary>
/// Everything that a seed decides before a run begins. Each kind of fault is off in half of the runs: with all of them
/// on all the time, nothing would ever be reached.
/// </summary>
public sealed record Swarm
{
    public required int Nodes { get; init; }
    public required int Gateways { get; init; }
    public required TimeSpan FarGateway { get; init; }
    public required Faults Calls { get; init; }
    public required Faults Store { get; init; }
    public required TimeSpan StartTime { get; init; }
    public required TimeSpan DrainTime { get; init; }
    public required int FailsToStart { get; init; }
    public required int CheckFails { get; init; }
    public required int Crashes { get; init; }
    public required int Deaths { get; init; }
    public required int Meddling { get; init; }
    public required int ClockJumps { get; init; }
    public required int MetricsDown { get; init; }

    /// <summary>All versions fail for a while, and it is nobody's fault.</summary>
    public required int Outages { get; init; }

    /// <summary>Nobody ever answers an approval, until faults cease.</summary>
    public required bool NobodyApproves { get; init; }
    public required int RequestsPerSecond { get; init; }

    /// <summary>The gateways send the candidate more than the table says, until faults cease.</summary>
    public required bool SplitsWrong { get; init; }

    /// <summary>How readily people interfere with a step that has just begun.</summary>
    public required int Impatience { get; init; }
    public required TimeSpan SkewMax { get; init; }

    /// <summary>Versions that end in "-broken" fail to start, now and then or always.</summary>
    public static bool IsBroken(string version) => version.EndsWith("-broken", StringComparison.Ordinal);

    /// <summary>Versions that end in "-bad" start well, and fail every second request.</summary>
    public static bool IsBad(string version) => version.EndsWith("-bad", StringComparison.Ordinal);

    public static bool IsGood(string version) => !IsBroken(version) && !IsBad(version);

    public static Swarm Draw(Harness.Simulation s)
    {
        int Half(int most) => s.Chance(500) ? 0 : s.Between(1, most);
        TimeSpan Seconds(int most) => s.Span(TimeSpan.FromSeconds(most));
        return new()
        {
            Nodes = s.Pick(1, 1, 1, 1, 2, 2, 3),
            Gateways = s.Between(1, 2),
            FarGateway = Seconds(2),
            Calls = new()
            {
                LoseRequest = Half(60),
                LoseReply = Half(60),
                Duplicate = Half(60),
                Clog = Half(60),
                Latency = TimeSpan.FromMilliseconds(s.Between(1, 200)),
            },
            Store = new()
            {
                LoseRequest = Half(30),
                LoseReply = Half(30),
                Clog = Half(10),
                Latency = TimeSpan.FromMilliseconds(s.Between(1, 40)),
            },
            StartTime = Seconds(10),
            DrainTime = Seconds(5),
            FailsToStart = s.Pick(300, 1000),
            CheckFails = s.Chance(700) ? 0 : 300,
            Crashes = Half(60),
            Deaths = Half(40),
            Meddling = Half(30),
            ClockJumps = Half(20),
            MetricsDown = Half(100),
            Outages = Half(30),
            NobodyApproves = s.Chance(200),
            RequestsPerSecond = s.Pick(2, 20, 200, 200),
            Impatience = s.Pick(0, 100, 300),
            SkewMax = s.Chance(500) ? TimeSpan.Zero : TimeSpan.FromSeconds(20),
            SplitsWrong = s.Chance(100),
        };
    }

    public static Swarm Calm { get; } = new()
    {
        Nodes = 1,
        Gateways = 1,
        FarGateway = TimeSpan.Zero,
        Calls = Faults.None,
        Store = Faults.None,
        StartTime = TimeSpan.FromSeconds(2),
        DrainTime = TimeSpan.FromSeconds(1),
        FailsToStart = 1000,
        CheckFails = 0,
        Crashes = 0,
        Deaths = 0,
        Meddling = 0,
        ClockJumps = 0,
        MetricsDown = 0,
        Outages = 0,
        NobodyApproves = false,
        RequestsPerSecond = 100,
        Impatience = 0,
        SkewMax = TimeSpan.Zero,
        SplitsWrong = false,
    };
}

namespace Slipway.Adapters.Processes;

static class Limits
{
    /// <summary>So many ends in a row are no accident.</summary>
    public const int CrashesTolerated = 2;

    public static readonly TimeSpan BackOffFirst = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan BackOffMax = TimeSpan.FromMinutes(1);

    /// <summary>An instance that was ready for so long has left its earlier crashes behind.</summary>
    public static readonly TimeSpan Recovered = TimeSpan.FromMinutes(1);

    /// <summary>A port that was just in use is not given to anybody else: what was sent there may still come.</summary>
    public static readonly TimeSpan PortRests = TimeSpan.FromMinutes(1);

    /// <summary>While startup is not over, how soon the other probes ask whether it is.</summary>
    public static readonly TimeSpan GateEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>What could not be written is tried again so soon.</summary>
    public static readonly TimeSpan NoteAgain = TimeSpan.FromSeconds(1);

    /// <summary>Kept for whoever listens first.</summary>
    public const int UntoldTroublesMax = 100;

    public const int ProbeBodyMax = 64 * 1024;

    public static TimeSpan BackOff(int crashes) => TimeSpan.FromTicks((long)Math.Min(
        BackOffMax.Ticks, BackOffFirst.Ticks * Math.Pow(2, Math.Min(crashes, 20) - 1)));
}

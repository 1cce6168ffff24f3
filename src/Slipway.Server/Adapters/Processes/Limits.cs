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

    /// <summary>
    /// An instance whose port turns out to be taken gets another one so often, before that is a crash.
    /// </summary>
    public const int PortsTried = 5;

    /// <summary>What an instance's output may take on the disk, and what is left of it when it is cut.</summary>
    public const long LogMax = 64 << 20, LogKept = 48 << 20;

    /// <summary>The same while the disk is nearly full.</summary>
    public const long LogMaxLow = 8 << 20, LogKeptLow = 4 << 20;

    /// <summary>Of instances that are gone, for each service.</summary>
    public const long LogsEndedMax = 256 << 20;
    public const int LogFilesEndedMax = 200;

    /// <summary>Less is nearly full: the journal has to have room.</summary>
    public const long DiskLow = 512 << 20;

    /// <summary>How often those are looked at whom an instance that has ended has started.</summary>
    public static readonly TimeSpan LeftLookedAt = TimeSpan.FromMilliseconds(100);

    /// <summary>What talks without end writes some hundred megabytes in a second.</summary>
    public static readonly TimeSpan LogsSweptEvery = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan LogsSweptAgain = TimeSpan.FromMilliseconds(20);
    public const int LogPage = 256 * 1024, LogTailMax = 1 << 20, LastWordsRead = 8 * 1024, LastWordsMax = 200;

    public static readonly TimeSpan UsageMeasuredEvery = TimeSpan.FromSeconds(2);

    public const int VersionsShown = 5;

    /// <summary>What could not be written is tried again so soon.</summary>
    public static readonly TimeSpan NoteAgain = TimeSpan.FromSeconds(1);

    /// <summary>Kept for whoever listens first.</summary>
    public const int UntoldTroublesMax = 100;

    public const int ProbeBodyMax = 64 * 1024;

    public static TimeSpan BackOff(int crashes) => TimeSpan.FromTicks((long)Math.Min(
        BackOffMax.Ticks, BackOffFirst.Ticks * Math.Pow(2, Math.Min(crashes, 20) - 1)));
}

namespace Slipway.Running;

/// <summary>How long the runner waits for others, and how often it looks by itself.</summary>
public static class Limits
{
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan AnswerMargin = TimeSpan.FromSeconds(5);

    /// <summary>
    /// While a step waits for the world. Targets tell of changes too; this is for what they forget to tell.
    /// </summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>While only time has to pass.</summary>
    public static readonly TimeSpan LookEverySlowly = TimeSpan.FromSeconds(60);

    /// <summary>
    /// While something is judged. Sources tell when they have counted; this is for what they forget to tell.
    /// </summary>
    public static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(20);

    /// <summary>After the journal has failed.</summary>
    public static readonly TimeSpan JournalRest = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the journal may fail before whoever waits for it is told: a store that is started anew is back by then.
    /// </summary>
    public static readonly TimeSpan JournalPatience = TimeSpan.FromSeconds(2);

    /// <summary>Events after which the fold is saved anew, so that a start need not read them all.</summary>
    public const int SaveEvery = 20;

    /// <summary>Where nothing is due for so long, the fold is saved at once.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);

    /// <summary>Commands that wait for a runner; more are refused at the door.</summary>
    public const int MailMax = 1_000;
}

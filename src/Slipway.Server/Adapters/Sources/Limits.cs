namespace Slipway.Adapters.Sources;

static class Limits
{
    /// <summary>An answer is a number and its labels: more is not meant for us.</summary>
    public const int AnswerBytes = 1 << 20;

    /// <summary>What a source says of its own trouble is told this far.</summary>
    public const int WordsMax = 200;

    /// <summary>Values at most in a window that is asked for as a whole.</summary>
    public const int PointsMax = 1_000;

    public static readonly TimeSpan KeepConnection = TimeSpan.FromMinutes(1);
}

namespace Slipway.Adapters.Checks;

/// <summary>What checks read, keep and wait for at most.</summary>
static class Limits
{
    public const int AnswersKept = 1_000;
    public const long BodyMax = 1 << 20;

    /// <summary>Of a body or an output that is told: the rest is somewhere else.</summary>
    public const int ToldMax = 200;

    /// <summary>A request of a load check that takes longer has failed.</summary>
    public static readonly TimeSpan LoadRequest = TimeSpan.FromSeconds(10);
}

namespace Slipway.PostMortems;

/// <summary>What is kept of a failure at most.</summary>
static class Limits
{
    /// <summary>Of each instance: what it said last is what matters.</summary>
    public const int LogLines = 40;
}

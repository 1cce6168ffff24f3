namespace Slipway.Adapters.Journals;

static class Limits
{
    /// <summary>Appends waiting to be written; whoever comes later waits for a place.</summary>
    public const int WaitingMax = 10_000;

    /// <summary>Appends in one commit.</summary>
    public const int BatchMax = 1_000;

    /// <summary>Text in one commit: what a failing commit may have to undo stays small.</summary>
    public const int BatchCharsMax = 8 * 1024 * 1024;

    /// <summary>Text of one append. A plan of the longest kind is a thousandth of it.</summary>
    public const int AppendCharsMax = 16 * 1024 * 1024;
}

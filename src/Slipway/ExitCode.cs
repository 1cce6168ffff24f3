namespace Slipway;

/// <summary>What a script learns from a command. A contract: never change a meaning.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The release failed or was rolled back.</summary>
    public const int Failed = 1;

    /// <summary>The command or the file is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The control plane did not answer.</summary>
    public const int NoAnswer = 3;

    /// <summary>Still running, or waiting for an approval, when the time was up.</summary>
    public const int StillRunning = 4;

    /// <summary>Whoever read the output has gone, as `head` does: what a shell says of who ends by it.</summary>
    public const int NobodyReads = 141;
}

namespace Slipway.Client;

/// <summary>How well changes arrive: of all services together, and of each.</summary>
public sealed record DeliveryReport(DateTimeOffset Since, DateTimeOffset Until, DeliveryLine All)
{
    public IReadOnlyList<DeliveryLine> Services { get; init; } = [];
}

/// <summary>Times are medians in seconds; what nothing is known of is left out.</summary>
/// <param name="Deployments">Versions that got all users.</param>
/// <param name="Failed">Versions that users met and that were taken back, by a gate or by a person's undo.</param>
public sealed record DeliveryLine(string Name, int Deployments, int RolledBack, int Failed)
{
    /// <summary>None of less than a day.</summary>
    public double? PerDay { get; init; }

    /// <summary>From the commit until all users have it.</summary>
    public double? LeadTimeSeconds { get; init; }

    /// <summary>From when users met a bad version, or somebody asked for the one before, until they had it.</summary>
    public double? TimeToRestoreSeconds { get; init; }

    /// <summary>A release without what it waits for people, and that waiting.</summary>
    public double? ActiveSeconds { get; init; }
    public double? WaitingSeconds { get; init; }

    /// <summary>Of the versions that users met.</summary>
    public double? ChangeFailurePercent { get; init; }

    /// <summary>Of the releases that ended.</summary>
    public double? SuccessPercent { get; init; }
    public double? RollbackPercent { get; init; }
}

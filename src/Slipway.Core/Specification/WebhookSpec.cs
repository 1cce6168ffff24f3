namespace Slipway.Specification;

/// <summary>When another system is asked. Those that confirm are asked until they say yes.</summary>
public enum WebhookMoment
{
    ConfirmRollout,
    PreRollout,
    Rollout,
    ConfirmTrafficIncrease,
    ConfirmPromotion,
    Rollback,
}

/// <summary>Another system that has a say in a release.</summary>
public sealed record WebhookSpec(WebhookMoment At, string Url)
{
    /// <summary>What its questions are signed with, as a reference.</summary>
    public string? Secret { get; init; }

    /// <summary>How long it may take until there is an answer, or until it says yes.</summary>
    public TimeSpan Timeout { get; init; } = Defaults.CheckTimeout;

    /// <summary>How often it is asked again.</summary>
    public TimeSpan Every { get; init; } = Defaults.WebhookEvery;

    /// <summary>A no means "not yet".</summary>
    public static bool Confirms(WebhookMoment moment) => moment is
        WebhookMoment.ConfirmRollout or WebhookMoment.ConfirmTrafficIncrease or WebhookMoment.ConfirmPromotion;
}

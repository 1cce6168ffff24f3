namespace Slipway.Gates;

/// <summary>The constants of the judgement, measured by simulation: each is a trade between speed and calm.</summary>
static class Levels
{
    /// <summary>
    /// "Worse, but within what is tolerated" is refused at this chance; "not worse" at the release's falseAlarm.
    /// </summary>
    public const double ToleranceAlarm = .20;

    /// <summary>
    /// The part of a release's chance of a false alarm that errors get, however many other gates there are.
    /// </summary>
    public const double ErrorsWeight = .7;

    /// <summary>Harmlessness is proven at this chance of being wrong.</summary>
    public const double Safe = .05;

    /// <summary>Seconds of a grouped block: a burst shorter than this counts once.</summary>
    public const double Block = 5;

    /// <summary>What one grouped block may multiply a bet by.</summary>
    public const double Cap = 3;

    /// <summary>Seconds over which stable's own rate is remembered.</summary>
    public const double Memory = 300;

    /// <summary>
    /// Without a margin in points: harmless is what is proven less than twice as bad, give or take 0.1 points.
    /// </summary>
    public const double SafeRatio = 2;
    public const double SafePoints = .001;

    /// <summary>The limit that holds when nobody set one and there is no control to compare with.</summary>
    public const double LimitAlone = .01;

    /// <summary>With this share of bad answers the service as a whole fails, not just what changed in it.</summary>
    public const double Outage = .25;

    /// <summary>
    /// Without a control, an outage that begins within this time after the control left is laid on the release; one
    /// that begins later is not: then nobody can tell, and a person is asked.
    /// </summary>
    public const double OutageBlame = 60;

    /// <summary>A means' block in seconds: cpu and memory of neighbouring seconds say nearly the same.</summary>
    public const double MeanBlock = 20;

    /// <summary>How long a mean must be above its limit when the gate doesn't say.</summary>
    public const double MeanFor = 60;

    /// <summary>A source that says nothing for this long is not answering.</summary>
    public const double Silence = 30;

    /// <summary>
    /// A step does not end on a gate that has measured less often in it: its source may have come back just now.
    /// </summary>
    public const int Measurements = 3;

    /// <summary>Seconds after a change of the route before the split of the traffic is looked at.</summary>
    public const double SplitSettles = 30;

    /// <summary>Seconds after which the split is looked at anew, so that good times do not hide bad ones.</summary>
    public const double SplitWindow = 300;

    /// <summary>A split that is off by less than this part of the smaller side is right enough.</summary>
    public const double SplitMatters = .1;

    /// <summary>Evidence of what needs no statistics.</summary>
    public const double Certain = 1e9;
}

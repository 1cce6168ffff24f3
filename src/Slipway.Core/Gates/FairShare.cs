namespace Slipway.Gates;

/// <summary>
/// How many requests each side was to get. Where chance alone sends a request to the candidate, a bad one falls on it
/// with exactly the table's share when the versions are alike. So the bets may count with that instead of with how this
/// second's requests happened to divide: of few requests those are lumps, and most of the evidence is lost in them.
/// </summary>
sealed class FairShare
{
    /// <summary>Requests that the route table's word weighs against what was counted.</summary>
    const double Trust = 1000;

    /// <summary>How far one tick may be off by chance, in standard deviations, and in requests besides.</summary>
    const double Farthest = 4, Few = 2;

    double _share, _candidate, _all;

    /// <summary>
    /// Null when the share is unknown, new, or plainly not what happened. A router that sends more than it should is
    /// believed as it comes to show: for harm the larger share counts, for its absence the smaller one.
    /// </summary>
    public (Counts Harm, Counts Safe)? Of(in Counts x, double? told)
    {
        var share = told is > 0 and < 1 ? told.Value : 0;
        if (share != _share || share == 0)
        {
            (_share, _candidate, _all) = (share, 0, 0);
            return null;
        }

        var all = x.Candidate + x.Stable;
        var seen = (_candidate + Trust * share) / (_all + Trust);
        (_candidate, _all) = (_candidate + x.Candidate, _all + all);
        if (Math.Abs(x.Candidate - share * all) > Farthest * Math.Sqrt(share * (1 - share) * all) + Few) return null;
        return (Divided(x, all, Math.Max(share, seen)), Divided(x, all, Math.Min(share, seen)));
    }

    static Counts Divided(in Counts x, double all, double share) =>
        x with { Candidate = share * all, Stable = (1 - share) * all };

    public void Save(Tape tape)
    {
        tape.Write(_share);
        tape.Write(_candidate, _all);
    }

    public void Load(Tape tape) => (_share, _candidate, _all) = (tape.Read(), tape.Read(), tape.Read());
}

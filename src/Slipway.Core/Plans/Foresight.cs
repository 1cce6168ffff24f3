using Slipway.Gates;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>What a candidate could do wrong, and the gates that would see it.</summary>
sealed record Harm(HarmKind Kind, string Text, string Name, Seq<Sight> Sights);

enum HarmKind { Outage, Errors, FewErrors, Latency, Level }

/// <summary>One gate, and what it would measure on both sides.</summary>
sealed record Sight(GateSpec Gate, double Base, double Bad);

/// <summary>How soon the gates find a harm at a share of the traffic. Slow to ask, so it remembers.</summary>
sealed class Foresight(ServiceSpec spec, Outlook outlook)
{
    readonly Dictionary<GateSpec, double> _weights = Weights(spec);
    readonly Dictionary<(Sight, int, bool, TimeSpan), TimeSpan?> _known = [];

    /// <param name="alone">
    /// Nobody is left to compare with, or stable answers everything too and the candidate gets copies: the candidate's
    /// share comes on top of stable's rate, measured before or beside it.
    /// </param>
    public TimeSpan? Find(Harm harm, Share share, bool alone, TimeSpan within) =>
        harm.Sights.Select(sight => Find(sight, share, alone, within)).Where(time => time is not null).Min();

    TimeSpan? Find(Sight sight, Share share, bool alone, TimeSpan within)
    {
        if (share == Share.None) return null;
        var key = (sight, share.Basis, alone, within);
        if (_known.TryGetValue(key, out var known)) return known;

        var all = alone ? 1 + share.Fraction : 1;
        var part = alone ? Share.Percent(100 * share.Fraction / all) : share;
        var about = Detection.Time(new(sight.Gate, outlook.RequestsPerSecond * all, part, sight.Base, sight.Bad)
        {
            Weight = _weights.GetValueOrDefault(sight.Gate, 1),
            FalseAlarm = spec.FalseAlarm,
            Exact = spec.Traffic.Affinity is null,
            Within = within,
        })?.About;
        // A limit counts only when it has been broken for a while.
        var time = about < sight.Gate.For ? sight.Gate.For : about;
        return _known[key] = time <= within ? time : null;
    }

    /// <summary>Each gate's part of the one chance of a false alarm, as the judge deals it out.</summary>
    static Dictionary<GateSpec, double> Weights(ServiceSpec spec)
    {
        var terms = new StreamTerms { Exact = spec.Traffic.Affinity is null, FalseAlarm = spec.FalseAlarm };
        var weights = new Dictionary<GateSpec, double>();
        foreach (var witness in Witnesses.Of(spec.Gates, terms, new(), new()).Where(witness => witness.Acts))
            foreach (var finding in witness.Findings) weights[finding.Gate] = witness.Weight;
        return weights;
    }
}

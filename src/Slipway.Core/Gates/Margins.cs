namespace Slipway.Gates;

/// <summary>
/// What is tolerated against stable: rate_c ≤ Ratio·rate_s + Points; and what is called harmless: less than
/// SafeRatio·rate_s + SafePoints. Ratio 0 is no second test: a latency's threshold is already moved by what is
/// tolerated.
/// </summary>
sealed record Margin(double Ratio, double Points)
{
    public double SafeRatio { get; init; } = Points > 0 ? 1 : Math.Max(Levels.SafeRatio, Ratio);
    public double SafePoints { get; init; } = Points > 0 ? Points : Levels.SafePoints;
    public Bets SafeBets { get; init; } = Points > 0 ? Bets.SafePoints : Bets.Safe;
}

/// <summary>"Worse, but within what is tolerated", and the proof that it is not worse by that much.</summary>
sealed class Tolerated
{
    readonly Account? _worse;
    readonly Terms _safeTerms;
    readonly double _factor;
    Account _safe;

    public Tolerated(Margin margin, StreamTerms terms)
    {
        _worse = margin.Ratio > 0
            ? new(new(Bets.Tolerance, margin.Ratio, margin.Points) { Cap = terms.Cap })
            : null;
        _factor = Math.Max(1, terms.ToleranceAlarm / (terms.FalseAlarm * terms.Weight));
        _safeTerms = Proof.Of(margin.SafeBets, margin.SafeRatio, margin.SafePoints, terms);
        _safe = new(_safeTerms);
    }

    /// <summary>
    /// On the scale of "not worse than stable", which it accompanies. It may be wrong more often, and however many
    /// streams there are: what is turned back wrongly here is worse than stable after all.
    /// </summary>
    public double E => _worse is null ? double.PositiveInfinity : _worse.E * _factor;

    public double SafeE => _safe.E;
    public bool Harmless => _safe.E >= 1 / Levels.Safe;

    public void Raise()
    {
        _worse?.Raise();
        _safe = new(_safeTerms);
    }

    /// <param name="safe">The same counts as they are to be taken for the proof.</param>
    public void Tick(double seconds, in Counts x, in Counts safe, double rate)
    {
        _worse?.Tick(seconds, x, rate);
        _safe.Tick(seconds, safe, rate);
    }

    public void Save(Tape tape)
    {
        _worse?.Save(tape);
        _safe.Save(tape);
    }

    public void Load(Tape tape)
    {
        _worse?.Load(tape);
        _safe.Load(tape);
    }
}

/// <summary>"Within the limit", and the proof that it is.</summary>
sealed class Ceiling
{
    readonly Terms _safeTerms;
    Account _safe;

    public Ceiling(double limit, StreamTerms terms)
    {
        Over = new(new(Bets.Limit, 0, limit) { Cap = terms.Cap });
        _safeTerms = Proof.Of(Bets.SafeLimit, 0, limit, terms);
        _safe = new(_safeTerms);
    }

    public Account Over { get; }
    public double SafeE => _safe.E;
    public bool Harmless => _safe.E >= 1 / Levels.Safe;

    public void Raise()
    {
        Over.Raise();
        _safe = new(_safeTerms);
    }

    public void Tick(double seconds, in Counts x)
    {
        Over.Tick(seconds, x, 0);
        _safe.Tick(seconds, x, 0);
    }

    public void Save(Tape tape)
    {
        Over.Save(tape);
        _safe.Save(tape);
    }

    public void Load(Tape tape)
    {
        Over.Load(tape);
        _safe.Load(tape);
    }
}

static class Proof
{
    /// <summary>
    /// All money at once, since the step is now; grouped, some is kept: one stall must not end the proof for good.
    /// </summary>
    public static Terms Of(Bets bets, double ratio, double points, StreamTerms terms) => new(bets, ratio, points)
    {
        Start = terms.Exact ? 1 : .3,
        Drip = terms.Exact ? 300 : 60,
        Cap = terms.Cap,
    };
}

using Slipway.Gates;

namespace Slipway.Support.Traffic;

/// <summary>Ways to judge that others use, on the same samples.</summary>
public abstract class Rival
{
    public abstract string Name { get; }

    /// <summary>True once it turns the release back.</summary>
    public abstract bool Tick(in Sample sample);

    /// <summary>
    /// The candidate's success rate over the last minute against 99 %, once a minute. Argo Rollouts gives up at the
    /// fourth failed measurement of a `failureLimit: 3`; Flagger, one interval after its threshold of 1 is reached.
    /// </summary>
    public sealed class Threshold(string name, int failures, int later) : Rival
    {
        const int Interval = 60;
        const double Success = .99;

        int _seconds, _failed, _since;
        long _all, _bad;

        public override string Name => name;

        public override bool Tick(in Sample sample)
        {
            (_all, _bad) = (_all + sample.Candidate.Requests, _bad + sample.Candidate.Errors);
            if (++_seconds % Interval != 0) return false;
            if (_failed >= failures) _since++;
            if (_all > 0 && 1 - _bad / (double)_all < Success) _failed++;
            (_all, _bad) = (0, 0);
            return _failed >= failures && _since >= later;
        }
    }

    /// <summary>A z-test of two shares at 1 %, looked at every second: as if each look were the only one.</summary>
    public sealed class RepeatedZ : Rival
    {
        const double Critical = 2.326;

        double _xc, _nc, _xs, _ns;

        public override string Name => "repeated z-test";

        public override bool Tick(in Sample sample)
        {
            if (sample.Stable is not { } stable) return false;
            (_xc, _nc) = (_xc + sample.Candidate.Errors, _nc + sample.Candidate.Requests);
            (_xs, _ns) = (_xs + stable.Errors, _ns + stable.Requests);
            if (_nc < 30 || _ns < 30 || _xc + _xs == 0) return false;
            var all = (_xc + _xs) / (_nc + _ns);
            var error = Math.Sqrt(all * (1 - all) * (1 / _nc + 1 / _ns));
            return (_xc / _nc - _xs / _ns) / error > Critical;
        }
    }

    public static Rival Argo() => new Threshold("Argo, 4 of 60 s", 4, 0);

    public static Rival Flagger() => new Threshold("Flagger, 60 s", 1, 1);
}

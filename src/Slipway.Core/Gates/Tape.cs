namespace Slipway.Gates;

/// <summary>
/// What a judge has summed up so far, as plain numbers for the journal. Restored, it goes on where it was; the ticks in
/// between are simply missing, which costs power and never validity.
/// </summary>
public sealed record JudgeState(Seq<double> Values);

/// <summary>The numbers of a <see cref="JudgeState"/>, written and read in the same order.</summary>
sealed class Tape
{
    readonly List<double> _numbers = [];
    int _next;

    public Tape() { }

    public Tape(IEnumerable<double> numbers) => _numbers.AddRange(numbers);

    public void Write(double number) => _numbers.Add(number);

    public void Write(double first, double second)
    {
        _numbers.Add(first);
        _numbers.Add(second);
    }

    public void Write(in Counts x)
    {
        Write(x.CandidateBad, x.StableBad);
        Write(x.Candidate, x.Stable);
    }

    public double Read() => _next < _numbers.Count
        ? _numbers[_next++]
        : throw new InvalidOperationException("A judge's state is shorter than the judge that reads it.");

    public Counts ReadCounts() => new(Read(), Read(), Read(), Read());

    public bool AtEnd => _next == _numbers.Count;

    public Seq<double> Numbers => _numbers.ToSeq();
}

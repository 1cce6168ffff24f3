namespace Slipway.Simulation.Harness;

/// <summary>
/// What a run has reached. A simulation in which every release is aborted in its first minute proves nothing.
/// </summary>
public sealed class Reached
{
    readonly SortedDictionary<string, int> _seeds = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Seeds => _seeds;

    public void Fault(string name) => Mark($"fault: {name}");
    public void Completed(string strategy) => Mark($"completed: {strategy}");
    public void Entered(string strategy, string step) => Mark($"entered: {strategy} {step}");
    public void TurnedBack(string strategy, string step) => Mark($"turned back: {strategy} {step}");
    public void Command(string command, string mode, bool accepted) =>
        Mark($"command: {command} while {mode}, {(accepted ? "done" : "refused")}");
    public void Reason(string reason) => Mark($"reason: {reason}");

    /// <summary>Counted once for a seed.</summary>
    void Mark(string what) => _seeds[what] = 1;

    public void Add(Reached other)
    {
        foreach (var (what, seeds) in other._seeds) _seeds[what] = _seeds.GetValueOrDefault(what) + seeds;
    }
}

using Slipway.Running;

namespace Slipway.Simulation.Harness;

/// <summary>Chances per mille of what can happen to a call between two processes.</summary>
public sealed record Faults
{
    public int LoseRequest { get; init; }
    public int LoseReply { get; init; }
    public int Duplicate { get; init; }
    public int Clog { get; init; }
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(20);

    public static readonly Faults None = new();
}

/// <summary>
/// The only door between a node and the world. A call is delayed, clogged, lost before or after its effect, or doubled;
/// its effect happens even when the caller is dead by then.
/// </summary>
public sealed class Wire(Simulation simulation, Node world, Reached reached)
{
    static readonly TimeSpan ClogMax = TimeSpan.FromSeconds(90);

    public Faults Faults { get; set; } = Faults.None;

    /// <summary>For scenarios: calls that are held up, and for how long.</summary>
    public Func<string, TimeSpan?> HeldUp { get; set; } = _ => null;

    /// <summary>For scenarios: calls that are refused, once each time somebody says so.</summary>
    public string? Refused { get; set; }

    public Task<T> Call<T>(Node caller, string what, Func<T> effect)
    {
        var reply = new TaskCompletionSource<T>();
        simulation.At(world, HeldUp(what) ?? Delay(), () =>
        {
            if (IsRefused(what) || Happens(Faults.LoseRequest, "lost request"))
            {
                Fail(new IOException($"{what}: request lost"));
                return;
            }

            try
            {
                var result = effect();
                if (Happens(Faults.Duplicate, "doubled call")) simulation.At(world, Delay(), () => Again(what, effect));
                if (Happens(Faults.LoseReply, "lost reply")) Fail(new IOException($"{what}: reply lost"));
                else Answer(() => reply.SetResult(result));
            }
            catch (Exception e) when (e is OutdatedException or IOException)
            {
                Fail(e);
            }
        });
        return reply.Task;

        void Fail(Exception e) => Answer(() =>
        {
            reply.SetException(e);
            _ = reply.Task.Exception; // looked at: a caller that is dead will not
        });

        void Answer(Action set) => simulation.At(caller, simulation.Span(Faults.Latency), set);
    }

    void Again<T>(string what, Func<T> effect)
    {
        try
        {
            effect();
        }
        catch (Exception e) when (e is OutdatedException or IOException)
        {
            simulation.Log($"{what} again: {e.Message}");
        }
    }

    bool IsRefused(string what)
    {
        if (Refused is null || !what.StartsWith(Refused, StringComparison.Ordinal)) return false;
        Refused = null;
        return true;
    }

    TimeSpan Delay() =>
        simulation.Span(Happens(Faults.Clog, "clogged call") ? ClogMax : Faults.Latency);

    bool Happens(int perMille, string fault)
    {
        if (perMille == 0 || !simulation.Chance(perMille)) return false;
        reached.Fault(fault);
        return true;
    }
}

/// <summary>A promise that did not hold: its name, and what was seen.</summary>
public sealed class Violation(string invariant, string text) : Exception($"{invariant}: {text}")
{
    public string Invariant => invariant;
}

namespace Slipway.Adapters.Processes;

/// <summary>What went wrong where nobody waits for the outcome, and why.</summary>
public sealed record Trouble(string What, string Why);

/// <summary>
/// Timers, ends of processes and answers of probes call where nobody waits: what is thrown there would end the whole
/// control plane, and every service with it. So all of them go through here: it is told, and the rest goes on.
/// </summary>
sealed class Troubles
{
    readonly Lock _gate = new();
    readonly Queue<Trouble> _untold = new();
    Action<Trouble>? _told;

    /// <summary>Who comes first hears what has happened before, at the start for example.</summary>
    public event Action<Trouble> Told
    {
        add
        {
            List<Trouble> missed;
            lock (_gate)
            {
                _told += value;
                missed = [.. _untold];
                _untold.Clear();
            }

            foreach (var trouble in missed) value(trouble);
        }
        remove
        {
            lock (_gate) _told -= value;
        }
    }

    public void Guard(string what, Action act)
    {
        try
        {
            act();
        }
        catch (Exception e)
        {
            Tell(what, e.Message);
        }
    }

    public async Task Guard(string what, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e)
        {
            Tell(what, e.Message);
        }
    }

    /// <summary>Never waits for who listens: the teller may hold a lock.</summary>
    public void Tell(string what, string why)
    {
        var trouble = new Trouble(what, why);
        Action<Trouble>? told;
        lock (_gate)
        {
            told = _told;
            if (told is null && _untold.Count < Limits.UntoldTroublesMax) _untold.Enqueue(trouble);
        }

        if (told is not null) ThreadPool.QueueUserWorkItem(_ => Pass(told, trouble));
    }

    static void Pass(Action<Trouble> told, Trouble trouble)
    {
        try
        {
            told(trouble);
        }
        catch (Exception)
        {
            // Whoever listens to troubles has one of its own: there is nobody left to tell.
        }
    }
}

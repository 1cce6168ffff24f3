using System.ComponentModel;
using Slipway.Adapters.Processes;

namespace Slipway.Adapters.Commands;

/// <summary>
/// A command under way, in a session of its own: whatever it has started ends with it. A thread waits for what it says
/// and for its end at once, since the one tells nothing of the other: what it leaves running may hold its pipes for
/// ever.
/// </summary>
sealed class Child
{
    /// <summary>As much as a pipe may hold: what was said before the end is in it.</summary>
    const int PipeMax = 65_536;

    readonly Lock _gate = new();
    readonly (int Read, int Write) _output = Native.Pipe(), _errors = Native.Pipe();
    readonly int _pid, _pidfd;
    bool _isGone;

    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public Child(IReadOnlyList<string> line, string directory, IEnumerable<string> environment)
    {
        try
        {
            _pid = Native.Spawn(line, directory, environment, _output.Write, _errors.Write);
            _pidfd = Native.Watch(_pid);
        }
        catch
        {
            Native.Close(_output.Read);
            Native.Close(_errors.Read);
            throw;
        }
        finally
        {
            Native.Close(_output.Write);
            Native.Close(_errors.Write);
        }

        Ended = Task.Factory.StartNew(
            Listen, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public Task<CommandEnd> Ended { get; }

    /// <summary>Ends it, with all that it has started; where it has ended, nothing.</summary>
    public void Kill()
    {
        lock (_gate)
            if (!_isGone)
                Native.SignalGroup(_pid, Native.Kill);
    }

    CommandEnd Listen()
    {
        var (output, errors) = (new Tail(_output.Read), new Tail(_errors.Read));
        while (!Native.Wait(output.From, errors.From, _pidfd, out var says, out var complains))
        {
            if (says) output.Take();
            if (complains) errors.Take();
        }

        int code;
        lock (_gate)
        {
            // Until its end is taken the number is nobody else's.
            Native.SignalGroup(_pid, Native.Kill);
            code = Native.CodeOf(_pidfd);
            _isGone = true;
        }

        output.TakeRest(PipeMax);
        errors.TakeRest(PipeMax);
        foreach (var fd in (int[])[_pidfd, _output.Read, _errors.Read]) Native.Close(fd);
        return new(code, Tail.Of($"{output}{errors}").Trim()) { Printed = $"{output}".Trim() };
    }
}

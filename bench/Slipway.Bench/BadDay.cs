using System.Diagnostics;
using System.Globalization;
using Slipway.Machines;

namespace Slipway.Bench;

/// <summary>Every so often an instance stands still for some time, or is killed.</summary>
sealed class BadDay(Machine machine)
{
    readonly Random _draw = new(2);

    /// <summary>Whether something was killed in this second.</summary>
    public bool Strike()
    {
        var instances = machine.Processes("--version").ToList();
        if (instances.Count == 0 || _draw.Next(40) > 0) return false;
        var pid = instances[_draw.Next(instances.Count)];
        if (_draw.Next(4) == 0)
        {
            Machine.Kill(pid);
            return true;
        }

        _ = Stall(pid, TimeSpan.FromMilliseconds(_draw.Next(200, 2000)));
        return false;
    }

    static async Task Stall(int pid, TimeSpan time)
    {
        Signal("-STOP", pid);
        await Task.Delay(time);
        Signal("-CONT", pid);
    }

    static void Signal(string signal, int pid)
    {
        using var kill = Process.Start("kill", [signal, pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}

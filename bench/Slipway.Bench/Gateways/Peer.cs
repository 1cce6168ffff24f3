using System.Diagnostics;

namespace Slipway.Bench.Gateways;

/// <summary>One of those that carry the same requests to the same instance.</summary>
sealed class Peer(string name, Process? process, int clear, int secure) : IDisposable
{
    const double TicksPerSecond = 100; // what Linux counts the time of processes in

    public string Name => name;

    public string Url(Case what) => what.Wire == Wires.Clear
        ? $"http://127.0.0.1:{clear}{what.Path}"
        : $"https://127.0.0.1:{secure}{what.Path}";

    public bool Takes(Case what) => what.Wire == Wires.Clear ? clear > 0 : secure > 0;

    /// <summary>Its own and its workers' seconds of CPU so far, and the memory that they hold now in MiB.</summary>
    public (double Seconds, double Memory) Usage()
    {
        if (process is null) return (0, 0);
        var (seconds, memory) = (0.0, 0.0);
        foreach (var pid in Family(process.Id))
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            seconds += (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
            memory += Number(fields[21]) * Environment.SystemPageSize / 1048576.0;
        }

        return (seconds, memory);
    }

    public void Dispose()
    {
        if (process is null) return;
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    static IEnumerable<int> Family(int pid) =>
        File.ReadAllText($"/proc/{pid}/task/{pid}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => (int)Number(child)).Prepend(pid);

    static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using Slipway.Adapters.Processes;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Processes;

/// <summary>
/// A folder and the processes that were started from it. Nothing is left of them when it is disposed.
/// </summary>
sealed class Yard : IDisposable
{
    public const string Service = "shop";
    static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    readonly TemporaryFolder _folder = new();
    readonly Dictionary<string, string?> _variables =
        new(StringComparer.Ordinal) { ["PATH"] = Environment.GetEnvironmentVariable("PATH") };

    public Yard(IMembers? members = null)
    {
        Members = members ?? new Unattended();
        Fleets = Open();
    }

    public IMembers Members { get; }

    public ProcessFleets Fleets { get; private set; }
    public string Folder => _folder.Path;
    public string Data => _folder.File("data");
    public IDictionary<string, string?> Variables => _variables;

    public static Revision Revision(int number, params string[] command) => Revision(number, command.ToSeq(), new());

    public static Revision Revision(
        int number, Seq<string> command, HealthSpec health) => new(number, $"1.{number}", new()
        {
            Service = Service,
            Runtime = new RuntimeSpec.Process(command) { Stop = new() { Grace = TimeSpan.FromSeconds(2) } },
            Health = health,
        });

    public Task Resize(Revision revision, int size, long since) =>
        Fleets.Resize(new FleetOrder(Service, revision, size, since), CancellationToken.None);

    public async Task<SeenFleet> Look(int revision) =>
        (await Fleets.Look(Service, CancellationToken.None)).Single(fleet => fleet.Fleet == new Fleet(revision));

    public Seq<InstanceView> Instances => Fleets.Instances(Service);

    public Task Until(Func<Seq<SeenFleet>, bool> fact) =>
        Until(() => fact(Fleets.Look(Service, CancellationToken.None).Result));

    public Task UntilReady(int count) =>
        Until(fleets => fleets.Sum(fleet => fleet.Ready) == count && fleets.Sum(fleet => fleet.Live) == count);

    /// <summary>Asked after every change that is told.</summary>
    public async Task Until(Func<bool> fact)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Fleets.Changed += Look;
        try
        {
            Look(Service);
            await reached.Task.WaitAsync(Guard);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"It has not come: {string.Join(", ", Instances)}");
        }
        finally
        {
            Fleets.Changed -= Look;
        }

        void Look(string service)
        {
            if (fact()) reached.TrySetResult();
        }
    }

    /// <summary>The control plane dies and comes again.</summary>
    public void Restart(Action? between = null)
    {
        Fleets.Dispose();
        between?.Invoke();
        Fleets = Open();
    }

    /// <summary>From now on nothing can be written about this fleet: its disk is full.</summary>
    public void FillDisk(int revision) => File.CreateSymbolicLink(Unfinished(revision), "/dev/full");

    public void MakeRoom(int revision) => File.Delete(Unfinished(revision));

    string Unfinished(int revision)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Data, "fleets", Service));
        return Path.Combine(folder.FullName, $"r{revision}.json.new");
    }

    /// <summary>The first trouble that is told from now on.</summary>
    public Task<Trouble> NextTrouble()
    {
        var next = new TaskCompletionSource<Trouble>(TaskCreationOptions.RunContinuationsAsynchronously);
        Fleets.Troubled += trouble => next.TrySetResult(trouble);
        return next.Task.WaitAsync(Guard);
    }

    public string[] LogOf(InstanceView instance) =>
        File.ReadAllLines(Path.Combine(Data, "logs", Service, $"{instance.Name}.log"));

    public void Dispose()
    {
        var left = Fleets.Instances(Service);
        Fleets.Dispose();
        foreach (var pid in left.Select(instance => instance.Pid).OfType<int>()) End(pid);
        _folder.Dispose();
    }

    /// <summary>By force; it has ended when this returns.</summary>
    public static void End(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
            SpinWait.SpinUntil(() => ProcessIdentity.Of(pid) is null, Guard);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended before.
        }
    }

    ProcessFleets Open() =>
        ProcessFleets.Open(new(Data)
        {
            Root = Folder,
            Variable = name => _variables.GetValueOrDefault(name),
            Members = Members,
        });
}

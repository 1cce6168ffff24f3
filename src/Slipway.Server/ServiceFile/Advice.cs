using Slipway.Gateway.Forwarding;
using Slipway.Plans;
using Slipway.Specification;

namespace Slipway.ServiceFile;

/// <summary>What is allowed, and yet seldom meant.</summary>
internal static class Advice
{
    static readonly string[] ShellWords = ["&&", "||", "|", ">", ">>", "<", ";", "&"];

    public static void Give(ServiceSpec spec, Outline file)
    {
        if (spec.Runtime is RuntimeSpec.Process process) OnTheCommand(process, file);
        if (spec.Health.Readiness is null && spec.Traffic.Listen is not null)
            file.Doubtful([file.Has("health") ? "health" : "service"], "nothing says when an instance is ready",
                "an open port will do; better: health: { readiness: { http: /ready } }");
        if (spec.Gates.Count == 0 && Shares(spec.Strategy))
            file.Doubtful(["strategy"], "nobody watches the new version",
                "add gates: a release without them can't turn back by itself");
        // Any week will do: windows come again each week.
        if (spec.Windows.Count > 0 && Timetable.Opens(spec.Windows, DateTimeOffset.UnixEpoch) is null)
            file.Doubtful(["windows"], "by these windows no release may ever begin", "leave a day or some hours open");
        if (spec.Gates.Count > 0 && !spec.Gates.Any(WatchesMemory))
            file.Doubtful(["gates"], "nothing watches memory",
                "a slow leak would pass; add - { memory: { max: 85% } }");
    }

    /// <summary>What is named by a whole path may lie on another machine alone.</summary>
    public static void OnTheCertificate(TlsSpec tls, string folder, Outline file)
    {
        var (certificate, key) = (Path.GetFullPath(tls.Certificate, folder), Path.GetFullPath(tls.Key, folder));
        if (IsElsewhere(tls.Certificate) || IsElsewhere(tls.Key)) return;
        if (CertificateFiles.Problem(certificate, key) is { } problem)
            file.Doubtful(["traffic", "tls", problem.OfKey ? "key" : "certificate"], problem.What,
                "deploy would refuse this");
    }

    static bool IsElsewhere(string path) => Path.IsPathRooted(path) && !File.Exists(path);

    static bool WatchesMemory(GateSpec gate) =>
        gate.Rule is GateRule.Limit { Metric: Metric.Memory or Metric.MemoryGrowth }
            or GateRule.Compare { Metric: Metric.Memory };

    static bool Shares(StrategySpec strategy) =>
        strategy is StrategySpec.Canary or StrategySpec.AbTest or StrategySpec.BlueGreen { Validate: not null };

    static void OnTheCommand(RuntimeSpec.Process process, Outline file)
    {
        string[] place = ["runtime", "process", "command"];
        if (process.Command.FirstOrDefault(ShellWords.Contains) is { } word)
            file.Doubtful(place, $"{word} goes to the program as text: there is no shell",
                "put it in a script, or write sh -c '…'");
        var hasPort = process.Command.Concat(process.Env.Select(setting => setting.Value))
            .Any(text => text.Contains("{port}", StringComparison.Ordinal));
        if (!hasPort && process.EnvFiles.Count == 0)
            file.Doubtful(place, "nothing tells the program its port", "add {port} here or under env");
    }
}

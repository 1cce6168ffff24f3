using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class RuntimeKeys
{
    static readonly Shape<PortRange> Ports = new ScalarShape<PortRange>("two ports, like 20000-29999",
        """{ "type": "string", "pattern": "^\\d+ ?- ?\\d+$" }""", text =>
        {
            var ends = text.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length != 2 || !int.TryParse(ends[0], out var first) || !int.TryParse(ends[1], out var last))
                return new(default, $"\"{text}\" is not a range of ports");
            if (first < 1 || last > 65_535)
                return new(default, $"\"{text}\" leaves the ports that exist", "1 to 65535");
            return first <= last ? new(new(first, last))
                : new(default, $"{first} comes after {last}", $"write {last}-{first}");
        });

    static readonly MapShape<StopSpec> Stop = new MapShape<StopSpec>("stop", new())
        .Key("signal", Choices.Words("SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2"),
            "What an instance is told when it shall end.", (stop, signal) => stop with { Signal = signal }, "SIGTERM")
        .Key("grace", Durations.Any, "How long it may take to end, before it is killed.",
            (stop, time) => stop with { Grace = time }, "30s");

    static readonly MapShape<RuntimeSpec.Process> Process = new MapShape<RuntimeSpec.Process>("process", new([]))
        .Must("command", Texts.Command,
            "The program and its arguments, no shell. {port}, {version}, {instance} and {directory} are filled in.",
            (process, command) => process with { Command = command })
        .Key("directory", Texts.Any, "The folder it starts in. {version} is filled in.",
            (process, folder) => process with { Directory = folder }, ".")
        .Key("env", SettingsShape.Environment,
            "Variables of its environment. ${NAME} is resolved by the server when used.",
            (process, env) => process with { Env = env }, "{}")
        .Key("envFiles", Lists.OneOrMore(Texts.Any),
            "Files with one NAME=value a line, read before env; export, quotes and # comments are understood.",
            (process, files) => process with { EnvFiles = files }, "[]")
        .Key("stop", Stop, "How an instance ends.", (process, stop) => process with { Stop = stop })
        .Key("ports", Ports, "Where {port} is taken from.",
            (process, ports) => process with { Ports = ports }, "20000-29999");

    public static readonly MapShape<RuntimeSpec> Runtime = new MapShape<RuntimeSpec>("runtime", null!)
        .Key("process", Process, "A plain process on the machine of the control plane.", (_, process) => process)
        .ExactlyOne("process");
}

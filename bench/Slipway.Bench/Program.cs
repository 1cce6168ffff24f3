using Slipway.Bench;
using Slipway.Bench.Gateways;

// What measures the promises that are numbers: bench NAME.
var measurements = new Dictionary<string, Func<TextWriter, IReadOnlyList<string>, Task>>
{
    ["appends"] = (output, _) => Appends.Run(output),
    ["caught"] = (output, runs) => Caught.Run(runs, output),
    ["decisions"] = (output, _) => Decided.Run(output),
    ["gateway"] = (output, cases) => GatewayBench.Run(cases, output),
    ["judgement"] = (output, _) => Judgement.Run(output),
    ["kills"] = (output, words) => Kills.Run(words, output),
    ["record"] = (output, words) => Recorder.Run(words, output),
    ["releases"] = (output, _) => ActiveReleases.Run(output),
    ["status"] = (output, _) => ManyServices.Run(output),
};

switch (args)
{
    case ["restart", var folder]:
        await ActiveReleases.Restart(folder, Console.Out);
        return 0;
    case ["http-client-way", var clear, var secure, var certificate, var instance]:
        await HttpClientWay.Serve(int.Parse(clear), int.Parse(secure), certificate, new(instance));
        return 0;
    case [var name, .. var rest] when measurements.TryGetValue(name, out var measure):
        await measure(Console.Out, rest);
        return 0;
    default:
        Console.Error.WriteLine($"bench NAME, where NAME is one of: {string.Join(", ", measurements.Keys)}");
        return 2;
}

using Slipway.Bench;

// What measures the promises that are numbers: bench NAME.
var measurements = new Dictionary<string, Func<TextWriter, Task>>
{
    ["appends"] = Appends.Run,
    ["decisions"] = Decided.Run,
    ["judgement"] = Judgement.Run,
    ["releases"] = ActiveReleases.Run,
};

if (args is ["restart", var folder])
{
    await ActiveReleases.Restart(folder, Console.Out);
    return 0;
}
if (args is [var name] && measurements.TryGetValue(name, out var measure))
{
    await measure(Console.Out);
    return 0;
}
Console.Error.WriteLine($"bench NAME, where NAME is one of: {string.Join(", ", measurements.Keys)}");
return 2;

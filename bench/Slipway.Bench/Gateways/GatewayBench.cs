namespace Slipway.Bench.Gateways;

/// <summary>
/// The same requests through NGINX, HAProxy, the framework's own means and Slipway, one after the other within each
/// round, each round in another order. Ratios are medians of the rounds' own ratios: what disturbs the machine for a
/// while disturbs all of them.
/// </summary>
static class GatewayBench
{
    const int Rounds = 7, Seconds = 3;

    static readonly string[] Rivals = ["nginx", "haproxy", "HttpClient"];

    public static async Task Run(IReadOnlyList<string> names, TextWriter output)
    {
        var cases = Case.All.Where(one => names.Count == 0 || names.Contains(one.Name)).ToList();
        if (cases.Count == 0 || names.Any(name => cases.All(one => one.Name != name)))
            throw new ArgumentException($"The cases are: {string.Join(", ", Case.All.Select(one => one.Name))}");
        await using var street = await Street.Build();
        foreach (var what in cases) Measure(what, street, output);
    }

    static void Measure(Case what, Street street, TextWriter output)
    {
        var peers = street.Peers.Where(peer => peer.Takes(what)).ToList();
        var rounds = peers.ToDictionary(peer => peer.Name, _ => new List<Round>());
        foreach (var peer in peers) One(what, peer, street); // what is compiled and filled at first
        for (var round = 0; round < Rounds; round++)
            for (var i = 0; i < peers.Count; i++)
            {
                var peer = peers[(i + round) % peers.Count];
                rounds[peer.Name].Add(One(what, peer, street));
            }

        var streams = what.Streams > 1 ? $" of {what.Streams} streams" : "";
        output.WriteLine($"""

            {what.Name}: {what.Path}, {what.Connections} connections{streams}, {Rounds} rounds of {Seconds} s
            {"",-12} {"requests/s",10} {"p50 ms",8} {"p99 ms",8} {"p99.9 ms",8} {"CPU µs",8} {"MiB",6}
            """);
        foreach (var peer in peers)
        {
            var those = rounds[peer.Name];
            double Of(Func<Round, double> figure) => Median(those.Select(figure));
            output.WriteLine($"{peer.Name,-12} {Of(r => r.Rate),10:n0} {Of(r => r.P50),8:0.00} "
                + $"{Of(r => r.P99),8:0.00} {Of(r => r.P999),8:0.00} {Of(r => r.Cpu),8:0.0} {Of(r => r.Memory),6:0}");
            foreach (var failed in those.Where(round => round.Failures is not null))
                output.WriteLine($"  failed: {failed.Failures}");
        }

        if (!rounds.TryGetValue("slipway", out var ours)) return;
        foreach (var rival in Rivals.Where(rounds.ContainsKey))
        {
            var theirs = rounds[rival];
            output.WriteLine($"slipway / {rival,-10}: requests/s {Ratio(ours, theirs, r => r.Rate):0.00}, "
                + $"CPU {Ratio(ours, theirs, r => r.Cpu):0.00}, p99 {Ratio(ours, theirs, r => r.P99):0.00}");
        }
    }

    static Round One(Case what, Peer peer, Street street)
    {
        var before = peer.Usage().Seconds;
        var round = Load.Put(what, peer.Url(what), Seconds, street.Folder);
        var (after, memory) = peer.Usage();
        return round with { Cpu = (after - before) * 1e6 / Math.Max(1, round.Requests), Memory = memory };
    }

    static double Ratio(List<Round> ours, List<Round> theirs, Func<Round, double> of) =>
        Median(ours.Zip(theirs, (mine, other) => of(mine) / of(other)));

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class HealthKeys
{
    static readonly Shape<Seq<int>> Statuses = Lists.OneOrMore(Numbers.Whole(100, 599));

    static readonly Shape<ProbeSpec> Probe = new MapShape<Draft>("probe", new(new(null!)))
        .Key("http", Texts.UrlPath, "Asks for this path on the instance's port.",
            (probe, path) => probe with { Way = new ProbeWay.Http(path) })
        .Key("tcp", new NothingShape(), "Opens a connection to the instance's port.",
            (probe, _) => probe with { Way = new ProbeWay.Tcp() })
        .Key("run", Texts.Command, "Runs a command; 0 is well.",
            (probe, command) => probe with { Way = new ProbeWay.Run(command) })
        .ExactlyOne("http", "tcp", "run")
        .Key("every", Durations.Some, "How often.",
            (probe, time) => probe.Set(spec => spec with { Every = time }), "5s")
        .Key("timeout", Durations.Some, "How long an answer may take; never more than every.",
            (probe, time) => probe.Set(spec => spec with { Timeout = time }), "1s")
        .Key("delay", Durations.Any, "How long after the start the first time.",
            (probe, time) => probe.Set(spec => spec with { Delay = time }), "0s")
        .Key("successes", Numbers.Whole(1, 1_000), "Good answers in a row that make it well.",
            (probe, count) => probe.Set(spec => spec with { Successes = count }), "1")
        .Key("failures", Numbers.Whole(1, 10_000), "Bad answers in a row that make it ill.",
            (probe, count) => probe.Set(spec => spec with { Failures = count }), "3")
        .Key("expect", Statuses, "The statuses that are good answers.",
            (probe, codes) => probe with { Expect = codes }, "[200]")
        .Key("body", Texts.Any, "Text that the body must contain.", (probe, text) => probe with { Body = text })
        .Only("http", "expect", "body")
        .Check((probe, places) =>
        {
            if (places.Has("timeout") && probe.Spec.Timeout > probe.Spec.Every)
                places.Wrong("timeout", "the timeout is longer than every",
                    "the next question would overtake the answer");
        })
        .Select(probe => probe.Done());

    public static readonly MapShape<HealthSpec> Health = new MapShape<HealthSpec>("health", new())
        .Key("startup", Probe,
            "Asked until it first succeeds; the others wait for it. Too many failures end the instance.",
            (health, probe) => health with { Startup = probe })
        .Key("readiness", Probe, "Whether the instance may get requests.",
            (health, probe) => health with { Readiness = probe })
        .Key("liveness", Probe, "Whether the instance has to be replaced.",
            (health, probe) => health with { Liveness = probe })
        .Key("dependencies", Lists.OneOrMore(Texts.Any),
            "Shown by name when the body of the readiness answer reports them.",
            (health, names) => health with { Dependencies = names }, "[]");

    /// <summary>The keys of a way and of its probe stand side by side, in any order.</summary>
    sealed record Draft(ProbeSpec Spec)
    {
        public ProbeWay? Way { get; init; }
        public Seq<int> Expect { get; init; } = [200];
        public string? Body { get; init; }

        public Draft Set(Func<ProbeSpec, ProbeSpec> change) => this with { Spec = change(Spec) };

        public ProbeSpec Done() => Spec with
        {
            Way = Way is ProbeWay.Http http ? http with { Expect = Expect, Body = Body } : Way!,
            Timeout = Spec.Timeout < Spec.Every ? Spec.Timeout : Spec.Every,
        };
    }
}

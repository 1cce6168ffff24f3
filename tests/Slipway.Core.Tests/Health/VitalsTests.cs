using Shouldly;
using Slipway.Health;
using Slipway.Specification;
using static Slipway.Health.ProbeKind;

namespace Slipway.Tests.Health;

public sealed class VitalsTests
{
    static readonly DateTimeOffset Birth = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly HealthSpec All = new()
    {
        Startup = Probe(1, 3),
        Readiness = Probe(2, 3),
        Liveness = Probe(1, 2),
    };

    static ProbeSpec Probe(int successes, int failures) =>
        new(new ProbeWay.Http("/")) { Successes = successes, Failures = failures };

    /// <summary>
    /// One letter a second: s r l are good answers of startup, readiness and liveness, S R L bad ones, d degraded.
    /// </summary>
    static Vitals After(HealthSpec spec, string answers) => answers.Select((letter, i) => (letter, i)).Aggregate(
        Vitals.Of(spec, Birth),
        (vitals, answer) => vitals.Next(Result(answer.letter), Birth.AddSeconds(answer.i + 1)));

    static ProbeResult Result(char letter) => letter switch
    {
        'd' => new(Readiness, ProbeAnswer.Degraded, "the cache is away"),
        _ => new(
            char.ToLowerInvariant(letter) switch { 's' => Startup, 'r' => Readiness, _ => Liveness },
            char.IsLower(letter) ? ProbeAnswer.Good : ProbeAnswer.Bad,
            char.IsLower(letter) ? "" : $"bad {letter}"),
    };

    [Theory]
    [InlineData("", InstanceStatus.Starting, InstanceHealth.Unknown, false, false)]
    [InlineData("s", InstanceStatus.Starting, InstanceHealth.Unknown, false, false)]
    [InlineData("sr", InstanceStatus.Starting, InstanceHealth.Unknown, false, false)]
    [InlineData("srr", InstanceStatus.Running, InstanceHealth.Healthy, true, false)]
    [InlineData("srRr", InstanceStatus.Starting, InstanceHealth.Unknown, false, false)]
    [InlineData("srrR", InstanceStatus.Running, InstanceHealth.Healthy, true, false)]
    [InlineData("srrRRr", InstanceStatus.Running, InstanceHealth.Healthy, true, false)]
    [InlineData("srrRRR", InstanceStatus.Running, InstanceHealth.Unhealthy, false, false)]
    [InlineData("srrRRRr", InstanceStatus.Running, InstanceHealth.Unhealthy, false, false)]
    [InlineData("srrRRRrr", InstanceStatus.Running, InstanceHealth.Healthy, true, false)]
    [InlineData("sRRR", InstanceStatus.Running, InstanceHealth.Unhealthy, false, false)]
    [InlineData("srd", InstanceStatus.Running, InstanceHealth.Degraded, true, false)]
    [InlineData("srdr", InstanceStatus.Running, InstanceHealth.Healthy, true, false)]
    public void Readiness_follows_answers_in_a_row(
        string answers, InstanceStatus status, InstanceHealth health, bool ready, bool restart)
    {
        var vitals = After(All, answers);
        (vitals.Status, vitals.Health, vitals.IsReady, vitals.MustRestart).ShouldBe((status, health, ready, restart));
    }

    [Theory]
    [InlineData("SS", false)]
    [InlineData("SSS", true)]
    [InlineData("SSs", false)]
    [InlineData("SSsS", false)]
    [InlineData("sL", false)]
    [InlineData("sLlL", false)]
    [InlineData("sLL", true)]
    [InlineData("srrLLlll", true)]
    public void A_restart_is_due_when_startup_or_liveness_fails_often_enough(string answers, bool restart) =>
        After(All, answers).MustRestart.ShouldBe(restart);

    [Theory]
    [InlineData("rr")]
    [InlineData("LL")]
    [InlineData("SrrLL")]
    public void Before_startup_has_passed_nothing_else_counts(string answers)
    {
        var vitals = After(All, answers);
        vitals.Asks(Startup).ShouldBeTrue();
        vitals.Asks(Readiness).ShouldBeFalse();
        vitals.Asks(Liveness).ShouldBeFalse();
        (vitals.IsReady, vitals.MustRestart).ShouldBe((false, false));
    }

    [Fact]
    public void Once_started_startup_is_not_asked_again()
    {
        var vitals = After(All, "s");
        vitals.Asks(Startup).ShouldBeFalse();
        vitals.Asks(Readiness).ShouldBeTrue();
        vitals.Asks(Liveness).ShouldBeTrue();
    }

    [Fact]
    public void Nothing_is_asked_of_one_that_is_to_be_restarted() =>
        Enum.GetValues<ProbeKind>().Where(After(All, "sLL").Asks).ShouldBeEmpty();

    [Fact]
    public void Without_probes_it_is_ready_at_birth()
    {
        var vitals = Vitals.Of(new(), Birth);
        (vitals.ReadySince, vitals.Status, vitals.Health)
            .ShouldBe((Birth, InstanceStatus.Running, InstanceHealth.Healthy));
    }

    [Fact]
    public void Without_a_readiness_probe_it_is_ready_once_it_has_started() =>
        After(new() { Startup = Probe(1, 3) }, "Ss").ReadySince.ShouldBe(Birth.AddSeconds(2));

    [Fact]
    public void It_is_available_when_it_has_been_ready_long_enough_without_a_break()
    {
        After(All, "srr").ReadySince.ShouldBe(Birth.AddSeconds(3));
        After(All, "srrrr").ReadySince.ShouldBe(Birth.AddSeconds(3));
        After(All, "srrRRRrr").ReadySince.ShouldBe(Birth.AddSeconds(8));

        var vitals = After(All, "srr");
        vitals.IsAvailable(TimeSpan.FromSeconds(10), Birth.AddSeconds(12)).ShouldBeFalse();
        vitals.IsAvailable(TimeSpan.FromSeconds(10), Birth.AddSeconds(13)).ShouldBeTrue();
    }

    [Fact]
    public void The_last_answer_of_each_probe_is_kept_with_how_often_it_came_and_what_it_takes()
    {
        var probes = After(All, "srrlLRR").Probes;
        probes.Select(probe => (probe.Last.Kind, probe.Last.Text, probe.InARow, probe.Decides)).ShouldBe([
            (Startup, "", 1, 1),
            (Liveness, "bad L", 1, 2),
            (Readiness, "bad R", 2, 3),
        ]);
    }

    [Fact]
    public void What_the_app_says_of_its_dependencies_is_what_it_said_last()
    {
        Dependency cache = new("cache", ProbeAnswer.Bad, "down");
        var vitals = After(All, "srr")
            .Next(new(Readiness, ProbeAnswer.Degraded, "") { Dependencies = [cache] }, Birth.AddSeconds(9));
        vitals.Dependencies.ShouldBe([cache]);
        vitals.Next(new(Readiness, ProbeAnswer.Good), Birth.AddSeconds(10)).Dependencies.ShouldBeEmpty();
    }

    [Fact]
    public void The_last_bad_answer_is_told_in_words()
    {
        After(All, "srrR").Why.ShouldBe("bad R");
        After(All, "srd").Why.ShouldBe("the cache is away");
    }
}

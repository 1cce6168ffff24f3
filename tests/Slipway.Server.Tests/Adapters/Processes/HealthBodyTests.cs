using Slipway.Adapters.Processes;
using Slipway.Health;

namespace Slipway.Tests.Adapters.Processes;

public sealed class HealthBodyTests
{
    [Theory]
    [InlineData("Degraded", true)]
    [InlineData(" degraded\n", true)]
    [InlineData("Healthy", false)]
    [InlineData("", false)]
    [InlineData("""{"status":"Degraded"}""", true)]
    [InlineData("""{"status":"warn"}""", true)]
    [InlineData("""{"status":"pass"}""", false)]
    [InlineData("""{"status":{"status":"Degraded"}}""", false)]
    [InlineData("""{"status":""", false)]
    [InlineData("""["Degraded"]""", false)]
    public void An_app_says_in_many_ways_that_it_is_degraded(string body, bool degraded) =>
        HealthBody.IsDegraded(body).ShouldBe(degraded);

    [Theory]
    [InlineData("""{"status":"Bad","entries":{"Database":{"status":"Unhealthy"},"cache":{"status":"Healthy"}}}""")]
    [InlineData("""{"status":"DOWN","components":{"db":{"status":"UP"},"database":"Unhealthy","cache":{"ok":true}}}""")]
    [InlineData("""{"checks":{"database":{"healthy":false,"state":"Unhealthy"},"cache":"pass"}}""")]
    public void Named_dependencies_are_found_wherever_the_body_has_them(string body)
    {
        var found = HealthBody.Dependencies(body, ["database", "cache", "queue"]);
        found.Select(one => (one.Name, one.Answer))
            .ShouldBe([("database", ProbeAnswer.Bad), ("cache", ProbeAnswer.Good)]);
        found[0].Text.ShouldBe("Unhealthy");
    }

    [Theory]
    [InlineData("fine")]
    [InlineData("{ broken")]
    [InlineData("""{"database":{"latency":3}}""")]
    [InlineData("""{"a":{"b":{"c":{"d":{"e":{"database":"up"}}}}}}""")]
    public void A_body_that_does_not_speak_of_them_says_nothing(string body) =>
        HealthBody.Dependencies(body, ["database"]).ShouldBeEmpty();
}

using System.Text.Json;
using Slipway.Commands;
using Slipway.Plans;
using Slipway.Screens;
using Slipway.ServiceFile;
using Slipway.Support;

namespace Slipway.Tests;

public sealed class PlanTests
{
    static readonly string Shop = File.ReadAllText(Repository.File("samples", "shop", "slipway.yaml"));
    static readonly string[] Upgrade = ["--from", "1.4.1", "--to", "1.4.2"];

    public static TheoryData<string> Samples =>
        ["slipway", "ab-test", "blue-green", "canary", "recreate", "rolling", "shadow", "steps"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_screen_of(string sample)
    {
        var spec = SlipwayFile.Read("slipway.yaml", Text(sample)).Spec!;
        var situation = PlanCommand.Situation(spec, new("slipway.yaml", "1.4.2", "1.4.1"));
        var forecast = Forecaster.Deploy(situation, new(DateTimeOffset.UnixEpoch));
        foreach (var width in new[] { 60, 80, 120 })
        {
            var lines = PlanScreen.Lines(forecast, width, new Terminal());
            lines.ShouldAllBe(line => line.Length <= width && line.Length == line.TrimEnd().Length);
            Snapshot.MatchCase($"{sample}.{width}", string.Join('\n', lines));
        }

        var plain = string.Join('\n', PlanScreen.Lines(forecast, 80, new Terminal { Unicode = false }));
        plain.ShouldAllBe(letter => char.IsAscii(letter));
        Snapshot.MatchCase($"{sample}.ascii", plain);
    }

    [Fact]
    public void A_plan_is_shown_at_the_width_of_the_terminal()
    {
        using var typed = Sample("recreate", 80).Where("LANG", "C");
        typed.Run(["plan", .. Upgrade]).ShouldBe(ExitCode.Done);
        typed.Error.ShouldBeEmpty();
        typed.Out.ShouldBe(File.ReadAllText(
            Repository.File("tests", "Slipway.Tests", "Snapshots", "PlanTests.The_screen_of.recreate.ascii.txt")));
    }

    [Fact]
    public void A_comparison_of_every_strategy()
    {
        foreach (var width in new[] { 60, 80 })
        {
            using var typed = Sample("canary", width);
            typed.Run(["plan", .. Upgrade, "--compare"]).ShouldBe(ExitCode.Done);
            typed.Out.Split('\n').ShouldAllBe(line => line.Length <= width);
            Snapshot.MatchCase($"{width}", typed.Out);
        }
    }

    [Fact]
    public void A_plan_as_json()
    {
        using var typed = Sample("recreate", 80);
        typed.Run(["plan", .. Upgrade, "--output", "json"]).ShouldBe(ExitCode.Done);
        Snapshot.Match(typed.Out);
    }

    [Fact]
    public void A_comparison_as_json()
    {
        using var typed = Sample("recreate", 80);
        typed.Run(["plan", .. Upgrade, "--compare", "--output", "json"]).ShouldBe(ExitCode.Done);
        using var json = JsonDocument.Parse(typed.Out);
        json.RootElement.GetProperty("strategies").EnumerateArray()
            .Select(each => each.GetProperty("strategy").GetString())
            .ShouldBe(["recreate", "rolling", "blue-green", "canary", "A/B test", "shadow"]);
    }

    [Fact]
    public void A_first_deploy_is_shown_when_asked_for()
    {
        using var typed = Sample("slipway", 80);
        typed.Run("plan", "--to", "1.4.2", "--first").ShouldBe(ExitCode.Done);
        Snapshot.Match(typed.Out);
    }

    [Fact]
    public void What_runs_now_may_be_unknown()
    {
        using Typed text = Sample("recreate", 80), json = Sample("recreate", 80);
        text.Run("plan", "--to", "1.4.2").ShouldBe(ExitCode.Done);
        json.Run("plan", "--to", "1.4.2", "-o", "json").ShouldBe(ExitCode.Done);
        Snapshot.Match(text.Out);
        JsonDocument.Parse(json.Out).RootElement.GetProperty("from").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("20/s", "20 requests/s, as in --traffic")]
    [InlineData("1200/min", "20 requests/s, as in --traffic")]
    [InlineData("7200/h", "2 requests/s, as in --traffic")]
    [InlineData("1500", "1,500 requests/s, as in --traffic")]
    public void The_traffic_is_as_said(string traffic, string shown)
    {
        using var typed = Sample("canary", 80);
        typed.Run(["plan", .. Upgrade, "--traffic", traffic]).ShouldBe(ExitCode.Done);
        typed.Out.ShouldContain(shown);
    }

    [Theory]
    [InlineData("--to 1.4.2 --traffic many", "\"many\" is no rate of requests")]
    [InlineData("--to 1.4.2 --traffic 0/s", "\"0/s\" is no rate of requests")]
    [InlineData("--to 1/4", "\"1/4\" is not a version")]
    [InlineData("--to 1.4.2 --from 1.4.1 --first", "--first and --from exclude each other")]
    [InlineData("--to 1.4.2 --first --compare", "a first deploy is the same with every strategy")]
    [InlineData("--from 1.4.1", "--to VERSION is missing")]
    [InlineData("other.yaml --to 1.4.2", "other.yaml does not exist")]
    public void A_wrong_question_is_refused(string line, string sentence)
    {
        using var typed = Sample("slipway", 80);
        typed.Run(["plan", .. line.Split(' ')]).ShouldBe(ExitCode.Usage);
        typed.Out.ShouldBeEmpty();
        typed.Error.ShouldContain(sentence);
    }

    [Fact]
    public void A_wrong_file_is_told_as_validate_tells_it()
    {
        using var typed = new Typed().With("slipway.yaml", Shop.Replace("replicas: 4", "replicas: four"));
        typed.Run(["plan", .. Upgrade]).ShouldBe(ExitCode.Usage);
        typed.Out.ShouldBeEmpty();
        typed.Error.ShouldContain("error: \"four\" is not a number");
    }

    [Theory]
    [InlineData("strategy: { abTest: { for: 7d } }", "An A/B test needs traffic.affinity")]
    [InlineData("strategy: { steps: [ scale: 1, shift: 5%, settle ] }",
        "step 3: the new version cannot settle with 5 % of the traffic: shift 100 % to it first")]
    public void A_plan_that_cannot_be_says_what_to_change(string strategy, string sentence)
    {
        using var typed = new Typed().With("slipway.yaml", $$"""
            service: shop
            runtime: { process: { command: "./shop {port}" } }
            {{strategy}}
            """);
        typed.Run(["plan", .. Upgrade]).ShouldBe(ExitCode.Usage);
        typed.Out.ShouldBeEmpty();
        typed.Error.ShouldContain(sentence);
    }

    static Typed Sample(string name, int width) => new Typed { Width = width }.With("slipway.yaml",
        Text(name));

    static string Text(string name) =>
        name == "slipway" ? Shop : File.ReadAllText(Repository.File("samples", "shop", "strategies", $"{name}.yaml"));
}

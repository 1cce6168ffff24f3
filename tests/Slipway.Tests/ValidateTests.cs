using Slipway.Support;

namespace Slipway.Tests;

public sealed class ValidateTests
{
    static readonly string Valid = File.ReadAllText(Repository.File("samples", "shop", "slipway.yaml"));

    const string Broken = """
        service: shop
        environment: production
        runtime:
          process:
            command: ./shop --urls http://127.0.0.1:{port}
            directory: builds/{version}
        replicas: four
        health:
          startup:   { http: /startup, every: 1s, failures: 30 }
          readyness: { http: /ready, every: 1s, timeout: 500ms, successes: 2, failures: 3 }
          liveness:  { http: /health, every: 5s, failures: 3 }
        strategy:
          canary: { steps: [5, 50, 25, 100], every: 5m }
        """;

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void All_problems_are_shown_at_once(int width)
    {
        using var typed = new Typed { Width = width }.With("slipway.yaml", Broken);
        typed.Run("validate").ShouldBe(ExitCode.Usage);
        typed.Error.ShouldBeEmpty();
        typed.Out.Split('\n').Where(line => !line.Contains("error:"))
            .ShouldAllBe(line => line.Length <= width, "what grep reads is never cut");
        Snapshot.MatchCase($"{width}", typed.Out);
    }

    [Fact]
    public void Without_unicode_the_screen_is_ascii()
    {
        using var typed = new Typed().Where("LANG", "C")
            .With("slipway.yaml", Broken + "\ngates: [ { errorRate: { max: 1% } }, { errorRate: { max: 2% } } ]\n");
        typed.Run("validate").ShouldBe(ExitCode.Usage);
        typed.Out.ShouldAllBe(letter => char.IsAscii(letter));
    }

    [Fact]
    public void A_valid_file_is_told_in_short()
    {
        using var typed = new Typed().With("slipway.yaml", Valid);
        typed.Run("validate").ShouldBe(ExitCode.Done);
        Snapshot.Match(typed.Out);
    }

    [Fact]
    public void A_warning_does_not_change_the_exit_code()
    {
        using var typed = new Typed().With("slipway.yaml", Valid.Replace("  - { memory: { max: 85% } }\n", ""));
        typed.Run("validate").ShouldBe(ExitCode.Done);
        Snapshot.Match(typed.Out);
    }

    [Theory]
    [InlineData("shop.pem")]
    [InlineData("/no/such/folder/shop.pem")]
    public void A_certificate_that_is_not_beside_the_file_is_a_warning(string certificate)
    {
        using var typed = new Typed().With("slipway.yaml", Valid.Replace(
            "traffic:\n", $"traffic:\n  tls: {{ certificate: {certificate}, key: shop.key }}\n"));
        typed.Run("validate").ShouldBe(ExitCode.Done);
        var isHere = !certificate.StartsWith('/');
        typed.Out.Contains("warning: the certificate ").ShouldBe(isHere, typed.Out);
        typed.Out.Contains("shop.pem does not exist").ShouldBe(isHere, typed.Out);
    }

    [Fact]
    public void Json_is_an_array_of_problems_and_the_exit_code_stays()
    {
        using var typed = new Typed().With("slipway.yaml", Broken);
        typed.Run("validate", "--output", "json").ShouldBe(ExitCode.Usage);
        Snapshot.Match(typed.Out);
    }

    [Fact]
    public void Nothing_to_tell_is_an_empty_array()
    {
        using var typed = new Typed().With("slipway.yaml", Valid);
        typed.Run("validate", "--output", "json").ShouldBe(ExitCode.Done);
        typed.Out.ShouldBe("[]\n");
    }

    [Fact]
    public void A_missing_file_says_how_to_begin()
    {
        using var typed = new Typed();
        typed.Run("validate").ShouldBe(ExitCode.Usage);
        typed.Error.ShouldBe("""
            error: there is no slipway.yaml in this folder
                   To write one: slipway init      To see one: slipway demo

            """);
    }

    [Theory]
    [InlineData("always", true)]
    [InlineData("never", false)]
    [InlineData("auto", false)]
    public void Colours_are_shown_when_asked_for(string when, bool coloured)
    {
        using var typed = new Typed().With("slipway.yaml", Broken);
        typed.Run("validate", "--color", when);
        typed.Out.Contains('\e').ShouldBe(coloured);
    }

    [Fact]
    public void Control_characters_of_a_file_do_not_reach_the_terminal()
    {
        using var typed = new Typed().With("slipway.yaml", "service: \"\e[31mevil\"\nruntime: {}\n");
        typed.Run("validate").ShouldBe(ExitCode.Usage);
        (typed.Out + typed.Error).ShouldNotContain('\e');
    }

    [Fact]
    public void Of_a_huge_file_only_its_beginning_is_read()
    {
        using var typed = new Typed().With("slipway.yaml", new string('#', 3 << 20));
        typed.Run("validate").ShouldBe(ExitCode.Usage);
        typed.Out.ShouldContain("larger than 1 MiB");
    }

    [Fact]
    public void A_far_column_is_brought_into_view()
    {
        var hosts = string.Join(", ", Enumerable.Range(1, 12).Select(n => $"shop{n}.example.com"));
        using var typed = new Typed { Width = 60 }
            .With("slipway.yaml",
                Valid.Replace("drain: 10s",
                $"hosts: [ {hosts}, shop_x ]"));
        typed.Run("validate").ShouldBe(ExitCode.Usage);
        Snapshot.Match(typed.Out);
    }
}

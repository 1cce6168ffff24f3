using Slipway.Support;

namespace Slipway.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("validate --ouput json", "unknown option --ouput, did you mean --output?")]
    [InlineData("validate --color=sometimes", "--color is one of auto, always, never, not \"sometimes\"")]
    [InlineData("vlidate", "there is no command \"vlidate\", did you mean validate?")]
    [InlineData("version more", "\"more\" is one word too many")]
    [InlineData("validate @file", "@file does not exist")]
    [InlineData("validate a.yaml b.yaml", "\"b.yaml\" is one word too many")]
    [InlineData("validate --output xml", "--output is one of text, json, not \"xml\"")]
    [InlineData("deploy", "[SERVICE] VERSION is missing")]
    [InlineData("show", "RELEASE is missing")]
    [InlineData("logs --tail -3", "--tail is a whole number, like 20, not \"-3\"")]
    [InlineData("report --since soon", "--since is a time, like 30s, 10m or 1h30m, not \"soon\"")]
    [InlineData("plan --to", "--to needs a value: --to VERSION")]
    public void A_wrong_command_is_refused_in_one_sentence(string line, string sentence)
    {
        using var typed = new Typed();
        typed.Run(line.Split(' ')).ShouldBe(ExitCode.Usage);
        typed.Out.ShouldBeEmpty();
        typed.Error.ShouldStartWith("error: ");
        typed.Error.Split('\n')[0].ShouldContain(sentence);
    }

    [Fact]
    public void The_name_alone_shows_where_to_begin()
    {
        using var typed = new Typed();
        typed.Run().ShouldBe(ExitCode.Done);
        Snapshot.Match(typed.Out);
    }

    [Theory]
    [InlineData("")]
    [InlineData("validate")]
    [InlineData("plan")]
    [InlineData("schema-file")]
    [InlineData("version")]
    public void Help_of(string command)
    {
        using var typed = new Typed();
        typed.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).ShouldBe(ExitCode.Done);
        Snapshot.MatchCase(command.Length == 0 ? "all" : command, typed.Out);
    }

    [Fact]
    public void The_version_is_printed_as_text_and_as_json()
    {
        using Typed text = new(), json = new();
        text.Run("version").ShouldBe(ExitCode.Done);
        json.Run("version", "-o", "json").ShouldBe(ExitCode.Done);
        text.Out.ShouldMatch(@"^slipway \d+\.\d+\.\d+\n$");
        json.Out.ShouldMatch("""^\{ "version": "\d+\.\d+\.\d+" \}\n$""");
    }

    [Fact]
    public void The_schema_is_json_alone()
    {
        using var typed = new Typed();
        typed.Run("schema-file").ShouldBe(ExitCode.Done);
        System.Text.Json.JsonDocument.Parse(typed.Out).RootElement.GetProperty("$schema").GetString()
            .ShouldBe("https://json-schema.org/draft/2020-12/schema");
    }
}

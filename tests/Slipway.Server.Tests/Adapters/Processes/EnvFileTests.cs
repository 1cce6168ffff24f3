using Slipway.Adapters.Processes;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Processes;

public sealed class EnvFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string File(string text)
    {
        var path = folder.File("shop.env");
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("  export A = 1  ", "1")]
    [InlineData("A=", "")]
    [InlineData("A=one two", "one two")]
    [InlineData("A=one # the first", "one")]
    [InlineData("A=one#two", "one#two")]
    [InlineData("A=\"one # two\"  # three", "one # two")]
    [InlineData("A=\"say \\\"hi\\\"\\nbye\"", "say \"hi\"\nbye")]
    [InlineData("A='$x \\n'", "$x \\n")]
    [InlineData("A=http://a/?b=c&d=\"e\"", "http://a/?b=c&d=\"e\"")]
    public void A_value_is_what_a_shell_would_take_it_for(string line, string value)
    {
        var setting = EnvFile.Read(File($"# first\n\n{line}\n")).ShouldHaveSingleItem();
        (setting.Name, setting.Value).ShouldBe(("A", value));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("A: 1")]
    [InlineData("1A=1")]
    [InlineData("A=\"one")]
    [InlineData("A='one' two")]
    public void A_line_that_is_none_is_named(string line) =>
        Should.Throw<IOException>(() => EnvFile.Read(File($"B=2\n{line}\n")).ToList())
            .Message.ShouldBe($"{folder.File("shop.env")}:2, named in envFiles, is no line like NAME=value.");
}

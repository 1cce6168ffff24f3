using Slipway.Adapters.Commands;

namespace Slipway.Tests.Adapters.Commands;

public sealed class VariablesTests
{
    static readonly Variables Known = new(name => name switch
    {
        "PATH" => "/bin",
        "SHOP_DB" => "db",
        "SLIPWAY_TOKEN" => "ours",
        _ => null,
    });

    [Theory]
    [InlineData("nothing", "nothing")]
    [InlineData("${SHOP_DB}", "db")]
    [InlineData("a ${SHOP_DB}/${SHOP_DB} $SHOP_DB", "a db/db $SHOP_DB")]
    [InlineData("${ SHOP_DB }", "${ SHOP_DB }")]
    public void References_are_resolved(string text, string resolved) => Known.Resolve(text).ShouldBe(resolved);

    [Fact]
    public void A_reference_to_nothing_says_what_to_do() =>
        Should.Throw<MissingVariableException>(() => Known.Resolve("${NOBODY}")).Message.ShouldBe(
            "NOBODY is not set where the server runs: set it there, or take ${NOBODY} out of slipway.yaml.");

    [Fact]
    public void What_everybody_needs_is_passed_on_and_nothing_of_ours() =>
        Known.Basic().ShouldBe(new Dictionary<string, string> { ["PATH"] = "/bin" });
}

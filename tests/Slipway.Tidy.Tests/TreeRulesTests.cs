using Slipway.Tidy.Rules;

namespace Slipway.Tidy;

/// <summary>The rules that look at more than one file.</summary>
public sealed class TreeRulesTests
{
    static readonly Dictionary<string, string> NoExceptions = [];

    static Page Port(string rest = "") => new("src/Port.cs", $"namespace Shop;\ninterface IPort;\n{rest}");

    [Theory]
    [InlineData("")]
    [InlineData("class A(IPort port) : IPort;")]
    [InlineData("class A : IPort; // class B : IPort;")]
    [InlineData("class A : IPort; record B(int X, IPort Port);")]
    [InlineData("class A : IPort; class B : IPortal;")]
    public void An_interface_with_less_than_two_is_found(string rest) =>
        Interfaces.Lonely([Port(rest)], NoExceptions)
            .ShouldHaveSingleItem().ToString().ShouldStartWith("src/Port.cs:2: ");

    [Theory]
    [InlineData("class A : IPort; class B : IPort, IDisposable { }")]
    [InlineData("class A : Base, IPort\n{\n}\nclass B(int x)\n    : IPort\n{\n}")]
    [InlineData("class A : IPort<int>; class B<T> : IPort<T> where T : class { }")]
    public void An_interface_with_two_passes(string rest) =>
        Interfaces.Lonely([Port(), new("tests/Fake.cs", rest)], NoExceptions).ShouldBeEmpty();

    [Fact]
    public void An_exception_that_is_none_any_more_is_found()
    {
        var exceptions = new Dictionary<string, string> { ["IPort"] = "one so far", ["IGone"] = "was one" };
        Interfaces.Lonely([Port("class A : IPort;")], exceptions).ShouldHaveSingleItem().Text.ShouldContain("IGone");
        Interfaces.Lonely([Port("class A : IPort; class B : IPort;")], exceptions).Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("Slipway.Core", "ProjectReference", "../Slipway.Server/Slipway.Server.csproj")]
    [InlineData("Slipway.Dashboard", "ProjectReference", "../Slipway.Core/Slipway.Core.csproj")]
    [InlineData("Slipway.Gateway", "ProjectReference", "..\\Slipway.Server\\Slipway.Server.csproj")]
    public void A_reference_that_must_not_be_is_found(string project, string element, string include) =>
        Projects.References(Project(project, element, include)).ShouldHaveSingleItem().Line.ShouldBe(2);

    [Fact]
    public void A_reference_that_may_be_passes() => Projects
        .References(Project("Slipway.Server", "ProjectReference", "../Slipway.Core/Slipway.Core.csproj"))
        .ShouldBeEmpty();

    [Fact]
    public void A_project_that_nobody_placed_is_found() =>
        Projects.References(Project("Slipway.Extra", "None", "x")).ShouldHaveSingleItem();

    [Theory]
    [InlineData("PackageReference", "Dapper", 1)]
    [InlineData("FrameworkReference", "Microsoft.AspNetCore.App", 1)]
    [InlineData("PackageReference", "Microsoft.CodeAnalysis.BannedApiAnalyzers", 0)]
    public void A_package_of_the_core_is_found(string element, string include, int findings) =>
        Projects.Packages(Project("Slipway.Core", element, include)).Count().ShouldBe(findings);

    [Theory]
    [InlineData("[a](missing.md)", 1)]
    [InlineData("[`Core`](../src/missing)", 1)]
    [InlineData("[a](there.md#no-such)", 1)]
    [InlineData("[a](#nowhere)", 1)]
    [InlineData("[a](there.md) [b](../src) [c](there.md#a-heading-of-3) [d](https://example.com) [e](#here)", 0)]
    [InlineData("```\n[a](missing.md)\n```", 0)]
    [InlineData("`[a](missing.md)`", 0)]
    public void A_link_that_leads_nowhere_is_found(string text, int findings)
    {
        var there = new Page("docs/there.md", "# A heading, of `3`\n");
        var page = new Page("docs/page.md", $"{text}\n## Here\n");
        string[] all = ["docs/there.md", "docs/page.md", "src"];
        Links.Broken(page, all.Contains, path => path == there.Path ? there : page).Count().ShouldBe(findings);
    }

    static Page Project(string name, string element, string include) =>
        new($"src/{name}/{name}.csproj",
            $"<Project><ItemGroup>\n<{element} Include=\"{include}\" />\n</ItemGroup></Project>");
}

using Slipway.Adapters.Processes;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Processes;

public sealed class BuildsTests : IDisposable
{
    readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    BuildProblem? Problem(string version, string directory = "builds/{version}", string program = "sleep") =>
        Builds.Problem(new()
        {
            Service = "shop",
            Runtime = new RuntimeSpec.Process([program, "1"]) { Directory = directory },
        }, _root.Path, version);

    void Build(string version) => Directory.CreateDirectory(_root.File($"builds/{version}"));

    [Fact]
    public void A_version_that_is_there_has_no_problem()
    {
        Build("1.4.2");
        Problem("1.4.2").ShouldBeNull();
        Problem("1.4.2", directory: ".").ShouldBeNull();
    }

    [Theory]
    [InlineData(null, "shop.env, named in envFiles, cannot be read")]
    [InlineData("A=1\nno line", "shop.env:2, named in envFiles, is no line like NAME=value")]
    [InlineData("A=1\n", null)]
    public void Variables_that_it_would_lack_are_told_before_it_is_started(string? text, string? what)
    {
        if (text is not null) File.WriteAllText(_root.File("shop.env"), text);
        var runtime = new RuntimeSpec.Process(["sleep", "1"]) { EnvFiles = ["shop.env"] };
        var problem = Builds.Problem(new() { Service = "shop", Runtime = runtime }, _root.Path, "1.0");
        if (what is null) problem.ShouldBeNull();
        else problem.ShouldNotBeNull().What.ShouldContain(what);
    }

    [Fact]
    public void One_that_is_not_there_is_named_with_those_that_are()
    {
        Build("1.4.2");
        Build("1.4.1");
        Problem("1.4.3").ShouldBe(new("builds/1.4.3 does not exist",
            "slipway.yaml says directory: builds/{version}. There are: 1.4.1, 1.4.2"));
    }

    [Fact]
    public void Of_many_the_newest_are_named_by_their_numbers()
    {
        for (var i = 1; i <= 12; i++) Build($"1.{i}");
        Problem("2.0").ShouldNotBeNull().Hint.ShouldEndWith(" The newest of 12 are: 1.8, 1.9, 1.10, 1.11, 1.12");
    }

    [Fact]
    public void A_version_within_a_name_is_found_too()
    {
        Directory.CreateDirectory(_root.File("out/shop-1.0/bin"));
        Problem("1.0", "out/shop-{version}/bin").ShouldBeNull();
        Problem("1.1", "out/shop-{version}/bin").ShouldNotBeNull().Hint.ShouldEndWith(" There are: 1.0");
    }

    [Fact]
    public void Where_nothing_was_built_yet_that_is_said()
    {
        Problem("1.0").ShouldNotBeNull().Hint.ShouldEndWith($" {_root.Path}/builds/ does not exist either.");
        Directory.CreateDirectory(_root.File("builds"));
        Problem("1.0").ShouldNotBeNull().Hint.ShouldEndWith(" There is none yet.");
    }

    [Fact]
    public void A_program_that_is_not_in_its_folder_is_named()
    {
        Build("1.0");
        Problem("1.0", program: "./shop").ShouldNotBeNull().What.ShouldBe("builds/1.0/./shop does not exist");
        File.WriteAllText(_root.File("builds/1.0/shop"), "");
        Problem("1.0", program: "./shop").ShouldBeNull();
        Problem("1.0", program: "{directory}/shop").ShouldBeNull();
    }
}

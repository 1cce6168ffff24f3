using Slipway.Begin;
using Slipway.ServiceFile;
using Slipway.Specification;

namespace Slipway.Tests;

/// <summary>The first minutes of somebody with a service of their own.</summary>
public sealed class BeginTests
{
    [Theory]
    [InlineData("Shop.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""", "shop",
        "./Shop --urls http://127.0.0.1:{port}")]
    [InlineData("package.json", """{ "name": "@us/Cart", "main": "server.js" }""", "us-cart", "node server.js")]
    [InlineData("package.json", """{ "scripts": { "start": "node --enable-source-maps app.js" } }""", null,
        "node --enable-source-maps app.js")]
    [InlineData("package.json", """{ "main": "a.js", "scripts": { "start": "vite build && vite" } }""", null,
        "node a.js")]
    [InlineData("go.mod", "module example.com/us/basket\n", "basket", "./basket --port {port}")]
    [InlineData("go.mod", "module example.com/us/basket/v2\n", "basket", "./basket --port {port}")]
    [InlineData("requirements.txt", "Flask==3.0\n", null, "python3 -m flask --app main run --port {port}")]
    [InlineData("My Shop.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""", "my-shop",
        "./My Shop --urls http://127.0.0.1:{port}")]
    [InlineData("Say\"It's\".csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""", "say-it-s",
        "./Say\"It's\" --urls http://127.0.0.1:{port}")]
    [InlineData("package.json", """{ "name": "@us/Cart", "main": "my server: #1.js" }""", "us-cart",
        "node my server: #1.js")]
    [InlineData("Shop.csproj", """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup><AssemblyName>till</AssemblyName></PropertyGroup>
        </Project>
        """, "till", "./till --urls http://127.0.0.1:{port}")]
    public void A_folder_tells_how_its_service_is_started(string file, string text, string? service, string command)
    {
        using var typed = new Typed().With(file, text);
        var guess = Guess.Of(typed.Folder);
        (guess.Service, string.Join(' ', guess.Command)).ShouldBe((service ?? Guess.Named(typed.Folder.Name), command));
        Reads(guess);
    }

    [Theory]
    [InlineData("my shop", "'my shop.csproj'")]
    [InlineData("it's", "'it'\\''s.csproj'")]
    public void A_name_is_one_word_for_the_shell(string name, string typed)
    {
        using var folder = new Typed().With($"{name}.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""");
        Guess.Of(folder.Folder).Build.ShouldBe($"dotnet publish {typed} -c Release -o .builds/1.0");
    }

    [Fact]
    public void The_project_that_serves_is_taken_before_its_neighbours()
    {
        using var typed = new Typed();
        typed.Folder.CreateSubdirectory("src/App");
        typed.With("A.Tests.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />")
            .With("src/App/App.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />");
        Guess.Of(typed.Folder).Build.ShouldBe("dotnet publish src/App/App.csproj -c Release -o builds/1.0");
    }

    [Fact]
    public void Earlier_builds_are_no_part_of_the_next_one()
    {
        using var typed = new Typed().With("App.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />");
        var guess = Guess.Of(typed.Folder);
        guess.Build.ShouldBe("dotnet publish App.csproj -c Release -o .builds/1.0");
        FirstFile.Text(guess, 8080).ShouldContain("directory: .builds/{version}");
    }

    [Fact]
    public void A_library_is_no_service_and_a_second_service_is_named()
    {
        using Typed library = new(), two = new();
        library.With("Words.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        Guess.Of(library.Folder).What.ShouldBe("nothing that is known here");
        two.With("A.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />")
            .With("B.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />");
        Guess.Of(two.Folder).What.ShouldContain("(and not ");
    }

    [Fact]
    public void A_project_that_cannot_be_read_is_passed_over()
    {
        using var typed = new Typed();
        File.CreateSymbolicLink(Path.Combine(typed.Folder.FullName, "Lost.csproj"), "nowhere");
        Reads(Guess.Of(typed.Folder));
    }

    [Theory]
    [InlineData("package.json", "{ not json")]
    [InlineData("package.json", """{ "name": 7 }""")]
    [InlineData("readme.txt", "")]
    public void A_folder_that_tells_nothing_gives_a_file_that_can_be_read(string file, string text)
    {
        using var typed = new Typed().With(file, text);
        Reads(Guess.Of(typed.Folder));
    }

    [Theory]
    [InlineData("My Shop!", "my-shop")]
    [InlineData("42", "app")]
    [InlineData("---", "app")]
    public void Any_name_becomes_one_of_a_service(string name, string service) =>
        Guess.Named(name).ShouldBe(service);

    [Fact]
    public void A_file_that_is_there_is_left_alone()
    {
        using var typed = new Typed().With("slipway.yaml", "mine");
        typed.Run("init").ShouldBe(ExitCode.Usage);
        typed.Error.ShouldStartWith("error: there is a slipway.yaml in this folder already");
        typed.Read("slipway.yaml").ShouldBe("mine");
    }

    [Fact]
    public void What_is_written_is_valid_and_says_what_to_do_next()
    {
        using var typed = new Typed();
        typed.Run("init", "--service", "My Shop").ShouldBe(ExitCode.Usage);
        typed.Error.ShouldContain("like my-shop");
        typed.Run("init", "--service", "shop").ShouldBe(ExitCode.Done);
        typed.Out.ShouldContain("slipway deploy shop 1.0");
        typed.Run("validate").ShouldBe(ExitCode.Done);
        typed.Out.ShouldContain("slipway.yaml is valid: shop");
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void A_shell_completes_by_asking_the_program(string shell)
    {
        using Typed script = new(), asked = new();
        script.Run("completion", shell).ShouldBe(ExitCode.Done);
        script.Out.ShouldContain("[suggest:");
        asked.Run("[suggest:13]", "slipway histo").ShouldBe(ExitCode.Done);
        asked.Out.ShouldBe("history\n");
    }

    static void Reads(Guess guess)
    {
        var file = SlipwayFile.Read("slipway.yaml", FirstFile.Text(guess, 8080));
        file.Problems.ShouldBeEmpty();
        file.Spec!.Service.ShouldBe(guess.Service);
        file.Spec.Runtime.ShouldBeOfType<RuntimeSpec.Process>().Command.ShouldBe(guess.Command);
        file.Spec.Traffic.Listen.ShouldBe("127.0.0.1:8080");
    }
}

using Slipway.Tidy.Rules;

namespace Slipway.Tidy;

/// <summary>Each rule finds what it is there to find, on its line, and lets its good twin pass.</summary>
public sealed class RulesTests
{
    // Put together here: whoever searches the tests for sleeps finds none.
    const string Sleep = "Thread" + ".Sleep", Delay = "Task" + ".Delay";

    static readonly Dictionary<string, Func<Page, IEnumerable<Finding>>> Rules = new(StringComparer.Ordinal)
    {
        ["files"] = Size.Files,
        ["lines"] = Size.Lines,
        ["methods"] = Size.Methods,
        ["regions"] = Wording.Regions,
        ["reminders"] = Wording.Reminders,
        ["dead code"] = Wording.DeadCode,
        ["sleeps"] = Wording.Sleeps,
        ["skips"] = Wording.Skips,
        ["leaks"] = Places.Leaks,
    };

    static string Times(string line, int times) => string.Concat(Enumerable.Repeat(line, times));

    static string Method(int lines) =>
        $"class A\n{{\n    void Long()\n    {{\n{Times("        F();\n", lines - 3)}    }}\n}}\n";

    static string Arrow(int lines) =>
        $"class A\n{{\n    int Long(int x) => x switch\n    {{\n{Times("        1 => 2,\n", lines - 3)}    }};\n}}\n";

    public static TheoryData<string, string, string, int> Bad => new()
    {
        { "files", Times("x\n", 300), Times("x\n", 301), 301 },
        { "lines", "ok\n" + Times("ü", 120), "ok\n" + Times("x", 121), 2 },
        { "methods", Method(70), Method(71), 3 },
        { "methods", Arrow(70), Arrow(71), 3 },
        { "methods", $"class A\n{{\n    int[] all =\n    [\n{Times("        F(1),\n", 80)}    ];\n}}", Method(90), 3 },
        { "methods", $"{Method(30)}{Method(60)}", $"{Method(30)}class B\n{{\n{Method(80)}}}\n", 38 },
        { "regions", "// about a region\n", "x\n    #region Fields\n", 2 },
        { "reminders", "var todo = 1; // a hackney\n", "x\nx // TODO: mend\n", 2 },
        { "reminders", "x\n", "// FIXME\n", 1 },
        { "reminders", "x\n", "/* HACK */\n", 1 },
        { "dead code", "// Either way (or not); it goes on\n", "x\n    // var a = Call(b);\n", 2 },
        { "dead code", "// {port} and {version}\n", "//if (a == b) {\n", 1 },
        { "dead code", "/// <code>Call();</code>\n", "    // return x;\n", 1 },
        { "dead code", "// what a person returns;\n", "// }\n", 1 },
        { "sleeps", $"// {Sleep} is slow\n", $"x\n{Sleep}(5);\n", 2 },
        { "sleeps", "await delay;\n", $"await {Delay}(TimeSpan.Zero);\n", 1 },
        { "skips", "Skip = $\"needs {it}\";\n", "[Fact(Skip = \"later\")]\n", 1 },
        { "leaks", "shop/root/x and http://host/home\n", "x\n/root/shop/x\n", 2 },
        { "leaks", "${HOME}/home/x\n", "/home/ann/x\n", 1 },
        { "leaks", "/tmp/shop\n", "see /root/jobs\n", 1 },
        { "leaks", "/rooted\n", "/root/.nuget\n", 1 },
        { "leaks", "https://example.com/nuget\n", "<add value=\"https://api.nuget.org/v3/index.json\" />\n", 1 },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_rule_finds_the_bad_and_lets_the_good_pass(string rule, string good, string bad, int line)
    {
        Rules[rule](new("tests/Good.cs", good)).ShouldBeEmpty();
        var found = Rules[rule](new("tests/Bad.cs", bad)).ShouldHaveSingleItem();
        found.ToString().ShouldStartWith($"tests/Bad.cs:{line}: ");
    }

    [Fact]
    public void Every_rule_is_tried() => Rules.Keys.Except(Bad.Select(row => (string)row[0])).ShouldBeEmpty();

    [Fact]
    public void Braces_in_texts_and_comments_are_not_counted()
    {
        const string code = """
            class A
            {
                // {
                char Open() => '{';
                string Text(int x) => $"{{ {Of("}", x)} \" }}";
                string Raw() => @"{ "" {";
                void Last() { }
            }
            class B { void Other() { /* } */ } }
            """;
        Members.Of(code).Where(member => member.IsMethod).Select(member => (member.Name, member.Lines))
            .ShouldBe([("Open", 1), ("Text", 1), ("Raw", 1), ("Last", 1), ("Other", 1)]);
    }

    [Theory]
    [InlineData("src/Shop/Helpers/A.cs", "src/Shop/Baskets/A.cs")]
    [InlineData("tests/Shop/Utils/A.cs", "tests/Shop/Utilitarians/A.cs")]
    [InlineData("src/Shop/services/A.cs", "src/Shop/Services.cs")]
    public void A_folder_that_is_a_kind_is_found(string bad, string good)
    {
        Places.FoldersOfKinds(new(bad, "")).ShouldHaveSingleItem();
        Places.FoldersOfKinds(new(good, "")).ShouldBeEmpty();
    }

    [Fact]
    public void A_stranger_in_the_root_is_found()
    {
        Places.StrangersInRoot(new("PLAN.md", "")).ShouldHaveSingleItem();
        Places.StrangersInRoot(new("README.md", "")).ShouldBeEmpty();
    }

    [Fact]
    public void A_folder_that_is_not_on_the_map_is_found()
    {
        Page[] pages = [new("src/Slipway.Core/Gates/Judge.cs", ""), new("src/Slipway.Core/Seq.cs", "")];
        Places.Unmapped(pages, new("docs/map.md", "`Gate` and Gates"))
            .ShouldHaveSingleItem().Text.ShouldContain("Gates");
        Places.Unmapped(pages, new("docs/map.md", "[gates](../src/Slipway.Core/Gates)")).ShouldBeEmpty();
    }
}

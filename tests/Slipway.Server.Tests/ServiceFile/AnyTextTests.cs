using FsCheck;
using FsCheck.Fluent;
using Slipway.ServiceFile;

namespace Slipway.Tests.ServiceFile;

/// <summary>Whatever the text is: there is an answer, and it points into the file.</summary>
public sealed class AnyTextTests
{
    static readonly string[] Words =
    [
        "service", "runtime", "process", "command", "strategy", "canary", "steps", "gates", "errorRate", "health",
        "all", "rules",
        ":", ": ", ",", "[", "]", "{", "}", "\n", "\n  ", "\n    - ", "- ", "\"", "'", "|", ">", "&a", "*a", "!t", "#",
        "%", "@", "`", "\t",
        "${X}", "${", "5%", "5m", "100", "-1", "1e999", "99999999999999999999d", "~", "null", "?", "---", "...",
        "\uFEFF", "\0", "é", "😀", "\ud800",
    ];

    [Fact]
    public void Random_words_never_make_it_throw() =>
        Prop.ForAll(Gen.Elements(Words).ListOf().Select(words => string.Concat(words)).ToArbitrary(), IsAnswered)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Any_characters_never_make_it_throw() =>
        Prop.ForAll<string>(text => IsAnswered(text ?? "")).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void A_valid_file_with_a_piece_cut_out_or_put_in_never_makes_it_throw()
    {
        var valid = File.ReadAllText(Support.Repository.File("samples", "shop", "strategies", "canary.yaml"));
        var places = Gen.Choose(0, valid.Length);
        var edits = places.SelectMany(at => places.SelectMany(to => Gen.Elements(Words).Select(word =>
            Edited(valid, Math.Min(at, to), Math.Max(at, to), word))));
        Prop.ForAll(edits.ToArbitrary(), IsAnswered).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    /// <summary>Near places lose what is between them; far ones would leave nothing worth reading.</summary>
    static string Edited(string text, int from, int to, string word) =>
        text[..from] + word + text[(to - from < 12 ? to : from)..];

    static bool IsAnswered(string text)
    {
        var file = Yaml.Read(text);
        return (file.Spec is null) == (file.Errors > 0) && file.Problems.All(problem => PointsInto(file, problem));
    }

    static bool PointsInto(SlipwayFile file, Problem problem) =>
        problem.At.Line >= 1 && problem.At.Line <= file.Lines.Count && problem.At.Column >= 1 && problem.At.Length >= 1
        && problem.At.Column <= file.Lines[problem.At.Line - 1].Length + 1;
}

using Slipway.Tidy.Rules;

namespace Slipway.Tidy;

/// <summary>This tree keeps the rules. A failure says file, line, and what to write instead.</summary>
public sealed class TidyTests
{
    static readonly IReadOnlyList<Page> Code = [.. Tree.Pages.Where(page => page.IsCode)];
    static readonly IReadOnlyList<Page> Spoken = [.. Code.Where(page => !page.IsAboutTheRules)];

    [Fact]
    public void Files_are_short() => None(Code.SelectMany(Size.Files));

    [Fact]
    public void Lines_are_short() => None(Code.SelectMany(Size.Lines));

    [Fact]
    public void Methods_are_short() => None(Code.SelectMany(Size.Methods));

    [Fact]
    public void Nothing_is_folded_away() => None(Spoken.SelectMany(Wording.Regions));

    [Fact]
    public void Nothing_is_left_for_later() => None(Spoken.SelectMany(Wording.Reminders));

    [Fact]
    public void No_code_is_commented_out() => None(Spoken.SelectMany(Wording.DeadCode));

    [Fact]
    public void No_test_sleeps() => None(Spoken.Where(page => page.IsTest).SelectMany(Wording.Sleeps));

    [Fact]
    public void No_test_is_skipped() => None(Spoken.Where(page => page.IsTest).SelectMany(Wording.Skips));

    [Fact]
    public void Folders_are_concepts() => None(Tree.Pages.SelectMany(Places.FoldersOfKinds).DistinctBy(Folder));

    [Fact]
    public void The_root_is_the_cover_page() => None(Tree.Pages.SelectMany(Places.StrangersInRoot));

    [Fact]
    public void An_interface_has_two_implementing_types() => None(Interfaces.Lonely(Spoken, Interfaces.Exceptions));

    [Fact]
    public void Projects_see_what_they_may() =>
        None(Tree.Pages.Where(page => page.IsProject).SelectMany(Projects.References));

    [Fact]
    public void The_core_rests_on_the_base_library() =>
        None(Tree.Pages.Where(page => page.IsProject).SelectMany(Projects.Packages));

    [Fact]
    public void Links_lead_somewhere() => None(Tree.Pages.Where(page => page.IsProse)
        .SelectMany(page => Links.Broken(
            page, Tree.Has, path => Tree.Pages.FirstOrDefault(other => other.Path == path))));

    [Fact]
    public void Nothing_tells_of_the_machine_it_was_written_on() =>
        None(Tree.Pages.Where(page => !page.IsAboutTheRules).SelectMany(Places.Leaks));

    [Fact]
    public void The_map_names_every_folder_of_the_core() =>
        None(Places.Unmapped(Tree.Pages, Tree.Pages.Single(page => page.Path == "docs/architecture.md")));

    static string Folder(Finding finding) => finding.Path[..(finding.Path.LastIndexOf('/') + 1)];

    static void None(IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, $"{all.Count} to mend:\n{string.Join('\n', all)}");
    }
}

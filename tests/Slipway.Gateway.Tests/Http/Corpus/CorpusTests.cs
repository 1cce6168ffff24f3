using System.Text.RegularExpressions;
using Slipway.Support;

namespace Slipway.Gateway.Http.Corpus;

public sealed class CorpusTests
{
    static readonly string[] Statuses = ["400", "414", "431", "501", "505"];

    [Fact]
    public void No_case_is_lost_in_reading()
    {
        var folder = Repository.File("tests", "Slipway.Gateway.Tests", "Http", "Corpus");
        var headings = Directory.EnumerateFiles(folder, "*.txt")
            .Sum(file => File.ReadLines(file).Count(line => line.StartsWith("## ", StringComparison.Ordinal)));

        Case.All.Count.ShouldBe(headings);
        Case.All.Count(one => one.Outcome[^1] != "accepted").ShouldBeGreaterThanOrEqualTo(150);
        Case.All.Select(one => one.Name).Distinct().Count().ShouldBe(headings);
    }

    [Fact]
    public void Every_case_names_the_section_that_decides_it() => Case.All
        .Where(one => !Regex.IsMatch(one.Section, @"^(9110|9112|3986) \d+(\.\d+)*$")).ShouldBeEmpty();

    [Fact]
    public void Every_outcome_is_one_that_there_is() => Case.All
        .SelectMany(one => one.Outcome.Select((outcome, at) => (one.Name, outcome, last: at == one.Outcome.Count - 1)))
        .Where(x => x.outcome is not "accepted"
            && !(x.last && (x.outcome == "waits" || Statuses.Contains(x.outcome.Split(' ')[0]))))
        .ShouldBeEmpty();

    public static TheoryData<Case> Cases => [.. Case.All];

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void What_comes_at_once_is_read_as_written_down(Case one) =>
        Reading.Outcome(one.Bytes).ShouldBe(one.Outcome, one.Why);

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void What_comes_in_two_pieces_is_read_the_same(Case one)
    {
        for (var at = 0; at <= one.Bytes.Length; at++)
            if (!Reading.Outcome(one.Bytes, at).SequenceEqual(one.Outcome))
                Reading.Outcome(one.Bytes, at).ShouldBe(one.Outcome, $"cut at {at}");
    }

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void What_comes_byte_by_byte_is_read_the_same(Case one) =>
        Reading.Outcome(one.Bytes, [.. Enumerable.Range(0, one.Bytes.Length)]).ShouldBe(one.Outcome);
}

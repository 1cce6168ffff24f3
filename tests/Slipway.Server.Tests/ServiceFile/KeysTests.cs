using Slipway.ServiceFile;
using Slipway.ServiceFile.Keys;
using Slipway.ServiceFile.Shapes;
using Slipway.ServiceFile.Yaml;
using Slipway.Support;

namespace Slipway.Tests.ServiceFile;

/// <summary>
/// The keys as a whole: documented, with the defaults that they really have, and valid in every example.
/// </summary>
public sealed class KeysTests
{
    static readonly string Page = Repository.File("docs", "reference", "slipway-yaml.md");

    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Repository.File("samples"), "*.yaml", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Order()];

    [Theory, MemberData(nameof(Samples))]
    public void Every_sample_is_valid(string path) =>
        Yaml.Told(Yaml.Read(File.ReadAllText(Repository.File(path)))).ShouldBe("fine");

    [Fact]
    public void A_default_that_is_told_is_the_default_that_holds()
    {
        foreach (var group in ReferenceTables.Groups().Select(each => each.Keys))
            foreach (var key in group.Keys.Where(key => key.Otherwise is not null))
                HoldsAnyway(group, key).ShouldBeTrue($"{group.Name}.{key.Name}: {key.Otherwise}");
    }

    [Fact]
    public void The_reference_tells_every_key_and_no_other() =>
        Snapshot.MatchFile(Page, ReferenceTables.FilledIn(File.ReadAllText(Page)));

    [Fact]
    public void Every_group_of_keys_has_its_place_in_the_reference() =>
        ReferenceTables.Groups().Select(group => group.Path)
            .ShouldBe(ReferenceTables.PlacesIn(File.ReadAllText(Page)), ignoreOrder: true);

    [Fact]
    public void Every_example_of_the_reference_is_understood()
    {
        var examples = File.ReadAllText(Page).Split("```yaml\n").Skip(1)
            .Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]).ToList();
        examples.Count.ShouldBeGreaterThan(10);
        foreach (var example in examples)
        {
            var whole = example.Contains("service:", StringComparison.Ordinal) ? example : Yaml.Head + example;
            var file = Yaml.Read(whole);
            file.Errors.ShouldBe(0, $"{example}\n{Yaml.Told(file)}");
        }
    }

    [Fact]
    public void The_json_schema_stays_as_it_is() => Snapshot.Match(SlipwaySchema.Text());

    static bool HoldsAnyway(IKeys group, Key key)
    {
        var problems = new Problems();
        var tree = new TreeReader([$"{key.Name}: {key.Otherwise}"], problems).Read();
        return group.HoldsAnyway(key, ((Node.Map)tree!).Entries[0], problems) && problems.Errors == 0;
    }
}

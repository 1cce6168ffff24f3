using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Shouldly;
using Slipway.Releases;

namespace Slipway.Tests.Golden;

/// <summary>
/// What one version has journalled, every later one reads and folds to the same. SLIPWAY_ACCEPT=1 writes the files
/// anew: right while their version is not released, and a broken promise ever after.
/// </summary>
public sealed class GoldenTests
{
    const string Version = "0.1.0";
    const string Advice = "add it to GoldenStream, then run these tests once with SLIPWAY_ACCEPT=1";

    static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public GoldenTests()
    {
        if (Accepts) File.WriteAllLines(At($"{Version}.jsonl"), GoldenStream.Recorded.Select(Line));
    }

    static bool Accepts => Environment.GetEnvironmentVariable("SLIPWAY_ACCEPT") == "1";

    [Fact]
    public void A_recorded_journal_is_read_and_folds_to_the_service_that_it_was()
    {
        var service = new Service("shop").Apply(Read());

        var folded = JsonNode.Parse(JournalFormat.Write(service))!.ToJsonString(Indented);
        if (Accepts) File.WriteAllText(At($"{Version}.folded.json"), folded + "\n");
        folded.ShouldBe(File.ReadAllText(At($"{Version}.folded.json")).TrimEnd());
    }

    [Fact]
    public void What_is_written_today_reads_back_as_the_same_events()
    {
        foreach (var recorded in GoldenStream.Recorded)
            JournalFormat.ReadEvent(JournalFormat.Write(recorded.Event)).ShouldBe(recorded.Event);
    }

    [Fact]
    public void The_folded_service_survives_being_a_snapshot()
    {
        var service = new Service("shop").Apply(Read());
        JournalFormat.ReadService(JournalFormat.Write(service)).ShouldBe(service);
    }

    [Fact]
    public void Every_kind_of_event_occurs_in_the_recorded_journal()
    {
        var kinds = typeof(Event).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Event)));
        kinds.Except(Read().Select(recorded => recorded.Event.GetType())).ShouldBeEmpty(Advice);
    }

    [Fact]
    public void Everything_that_has_kinds_occurs_in_the_recorded_journal_in_each_of_them()
    {
        var (kinds, seen) = (new HashSet<Type>(), new HashSet<Type>());
        FindKinds(typeof(Event), kinds, []);
        foreach (var recorded in Read()) Find(recorded.Event, seen);
        kinds.Except(seen).ShouldBeEmpty(Advice);
    }

    static Seq<Recorded> Read() => File.ReadLines(At($"{Version}.jsonl")).Select(Read).ToSeq();

    static string Line(Recorded recorded) => new JsonObject
    {
        ["sequence"] = recorded.Sequence,
        ["at"] = recorded.At,
        ["by"] = recorded.By,
        ["command"] = recorded.Command,
        ["event"] = "?",
    }.ToJsonString().Replace("\"?\"", JournalFormat.Write(recorded.Event), StringComparison.Ordinal);

    static Recorded Read(string line)
    {
        var node = JsonNode.Parse(line)!;
        var e = JournalFormat.ReadEvent(node["event"]!.ToJsonString());
        return new((long)node["sequence"]!, (DateTimeOffset)node["at"]!, e)
        {
            By = (string)node["by"]!,
            Command = (string?)node["command"],
        };
    }

    /// <summary>All kinds that can be reached from a type through the properties of what it can be.</summary>
    static void FindKinds(Type type, HashSet<Type> kinds, HashSet<Type> visited)
    {
        if (!visited.Add(type)) return;
        foreach (var argument in type.GetGenericArguments()) FindKinds(argument, kinds, visited);
        if (type.Assembly != typeof(Event).Assembly) return;
        foreach (var kind in type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false))
        {
            kinds.Add(kind.DerivedType);
            FindKinds(kind.DerivedType, kinds, visited);
        }
        foreach (var property in Properties(type)) FindKinds(property.PropertyType, kinds, visited);
    }

    static void Find(object? thing, HashSet<Type> seen)
    {
        if (thing is null or string) return;
        if (thing is IEnumerable items)
        {
            foreach (var item in items) Find(item, seen);
            return;
        }
        // Values have no kinds, and some are made of themselves: the rest of a share is a share.
        if (thing is ValueType || thing.GetType().Assembly != typeof(Event).Assembly) return;
        seen.Add(thing.GetType());
        foreach (var property in Properties(thing.GetType())) Find(property.GetValue(thing), seen);
    }

    static IEnumerable<PropertyInfo> Properties(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0
            && property.GetCustomAttribute<JsonIgnoreAttribute>() is null);

    static string At(string file, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, file);
}

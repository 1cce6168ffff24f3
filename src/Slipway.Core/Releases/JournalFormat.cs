using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Routing;

namespace Slipway.Releases;

/// <summary>
/// How events and snapshots are written. One line of JSON each, readable by a person with a database at hand.
/// </summary>
public static class JournalFormat
{
    /// <summary>For files beside the journal that hold parts of it, as a fleet's target holds its revision.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        // Not "when default": a zero that is left out would come back as whatever the property begins with.
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
            new ShareConverter(),
            new FleetConverter(),
            new SeqConverterFactory(),
        },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(Event e) => JsonSerializer.Serialize(e, Options);

    public static Event ReadEvent(string text) =>
        JsonSerializer.Deserialize<Event>(text, Options) ?? throw new JsonException("An event is null.");

    public static string Write(Service service) => JsonSerializer.Serialize(WithoutCopies(service), Options);

    public static Service ReadService(string text) => WithCopies(
        JsonSerializer.Deserialize<Service>(text, Options) ?? throw new JsonException("A snapshot is null."));

    /// <summary>
    /// A start reads thousands of snapshots, and most of each would be the same specification over and over: a revision
    /// that has the service's own has none in the snapshot.
    /// </summary>
    static Service WithoutCopies(Service service) => service with
    {
        Revisions = service.Revisions
            .Select(revision => revision.Spec == service.Spec ? revision with { Spec = null! } : revision).ToSeq(),
    };

    static Service WithCopies(Service service) => service with
    {
        Revisions = service.Revisions
            .Select(revision => revision.Spec is null ? revision with { Spec = service.Spec! } : revision).ToSeq(),
    };
}

sealed class ShareConverter : JsonConverter<Share>
{
    public override Share Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        new(reader.GetInt32());

    public override void Write(Utf8JsonWriter writer, Share value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Basis);
}

sealed class FleetConverter : JsonConverter<Fleet>
{
    public override Fleet Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        new(reader.GetInt32());

    public override void Write(Utf8JsonWriter writer, Fleet value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Revision);
}

sealed class SeqConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Seq<>);

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options)
    {
        var item = type.GetGenericArguments()[0];
        return (JsonConverter)Activator.CreateInstance(typeof(SeqConverter<>).MakeGenericType(item))!;
    }
}

/// <summary>
/// As an array, whose own converter is the fastest there is. It is asked directly: the serializer would first look for
/// the end of what it is to read, once for each array around it.
/// </summary>
sealed class SeqConverter<T> : JsonConverter<Seq<T>>
{
    JsonConverter<T[]>? _array;

    public override Seq<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        Seq.Create<T>((_array ??= (JsonConverter<T[]>)options.GetConverter(typeof(T[])))
            .Read(ref reader, typeof(T[]), options));

    public override void Write(Utf8JsonWriter writer, Seq<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.AsSpan().ToArray(), options);
}

using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Slipway.Routing;
using Match = System.Text.RegularExpressions.Match;

namespace Slipway.Gateway.Control;

/// <summary>
/// What is wrong with an order that cannot be read, for whoever has written it: where it is, and what belongs there.
/// </summary>
static partial class Mistake
{
    /// <param name="fault">What the reader of JSON says, which is about its own types.</param>
    /// <param name="order">The type that was to be read.</param>
    public static JsonException In(Exception fault, Type order)
    {
        // What is no JSON at all has been told to the reader by another one.
        if (fault is JsonException { InnerException: JsonException, LineNumber: { } line, BytePositionInLine: { } at })
            return new($"The order is no JSON: look at line {line + 1}, byte {at + 1}.", fault);
        var path = (fault as JsonException)?.Path ?? PathIn().Match(fault.Message).Groups[1].Value;
        var (name, type) = Walk(path, order);
        return new($"{(name.Length == 0 ? "The order" : name)} has to be {Expected(type)}.", fault);
    }

    /// <summary>As far as the types say what a name means.</summary>
    static (string Name, Type Type) Walk(string path, Type type)
    {
        var name = "";
        foreach (Match step in Step().Matches(path))
        {
            var inside = step.Value[0] == '[' ? ItemOf(type) : MemberOf(type, step.Value.TrimStart('.'));
            if (inside is null) break;
            (name, type) = (name.Length == 0 ? step.Value.TrimStart('.') : name + step.Value, inside);
        }

        return (name, type);
    }

    static Type? MemberOf(Type type, string name) => Kinds(type).Select(kind => kind.DerivedType).Prepend(type)
        .SelectMany(one => one.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        .FirstOrDefault(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.PropertyType
        is { } found ? Nullable.GetUnderlyingType(found) ?? found : null;

    static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Seq<>) ? type.GetGenericArguments()[0] : null;

    static string Expected(Type type) => type switch
    {
        _ when type == typeof(string) => "a text",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "a time like 00:00:30",
        _ when type == typeof(Share) => "a number from 0 to 10000, which is 100 %",
        _ when type == typeof(Fleet) || type.IsPrimitive => "a number",
        { IsEnum: true } =>
            $"one of {string.Join(", ", type.GetEnumNames().Select(JsonNamingPolicy.CamelCase.ConvertName))}",
        _ when ItemOf(type) is { } item => $"a list, and each of it {Expected(item)}",
        _ when Kinds(type).Select(kind => kind.TypeDiscriminator).ToList() is [_, ..] kinds =>
            $"an object that begins with \"is\": one of {string.Join(", ", kinds)}",
        _ => $"an object with {string.Join(", ", type.GetProperties().Where(member => member.CanWrite)
            .Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name)))}",
    };

    static IEnumerable<JsonDerivedTypeAttribute> Kinds(Type type) =>
        type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false);

    [GeneratedRegex(@"\.\w+|\[\d+\]")]
    private static partial Regex Step();

    [GeneratedRegex(@"Path: \$?(\S*)")]
    private static partial Regex PathIn();
}

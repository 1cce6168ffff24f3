using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace Slipway.Gateway.Control;

/// <summary>
/// What has come as JSON may lack what its type promises: a reader sets what it finds and leaves the rest as nothing.
/// </summary>
static class Wholeness
{
    static readonly ConcurrentDictionary<Type, (PropertyInfo Property, bool MayLack)[]> Known = new();

    /// <exception cref="JsonException">Names the first member that is missing.</exception>
    public static void Check(object whole)
    {
        if (Missing(whole, "") is { } path) throw new JsonException($"{path} is missing.");
    }

    static string? Missing(object value, string path)
    {
        if (value is string) return null;
        if (value is IEnumerable list) return MissingOf(list, path);
        if (value.GetType() is not { Namespace: { } space } type
            || !space.StartsWith(nameof(Slipway), StringComparison.Ordinal)) return null;
        foreach (var (property, mayLack) in Known.GetOrAdd(type, Members))
        {
            var name = path + (path.Length == 0 ? "" : ".") + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var member = property.GetValue(value);
            if (member is null && !mayLack) return name;
            if (member is not null && Missing(member, name) is { } missing) return missing;
        }

        return null;
    }

    static string? MissingOf(IEnumerable list, string path)
    {
        var number = 0;
        foreach (var item in list)
        {
            var name = $"{path}[{number++}]";
            if (item is null) return name;
            if (Missing(item, name) is { } missing) return missing;
        }

        return null;
    }

    /// <summary>What can be set; the rest follows from it.</summary>
    static (PropertyInfo, bool)[] Members(Type type)
    {
        var annotations = new NullabilityInfoContext();
        return [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)
            .Select(property => (property, annotations.Create(property).ReadState == NullabilityState.Nullable))];
    }
}

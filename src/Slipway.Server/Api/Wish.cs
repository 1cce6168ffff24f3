using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Slipway.Api;

/// <summary>
/// A command as it came in: the key under which it is done once, what it wants in a word of its verb and its body, and
/// who asks.
/// </summary>
sealed record Wish(string Key, string What)
{
    const int HashCharacters = 16;

    public string By { get; init; } = "";
    public Seq<string> Roles { get; init; } = [];

    public static Wish Of<T>(HttpRequest http, string verb, T body, JsonTypeInfo<T> type)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, type)));
        return Of(http, $"{verb}:{hash[..HashCharacters]}");
    }

    public static Wish Of(HttpRequest http, string what) => new(
        Header(http, "Idempotency-Key", Limits.KeyMax) ?? $"{Guid.NewGuid():N}", what)
    {
        By = Header(http, "Slipway-By", Limits.NameMax) ?? "",
        Roles = (Header(http, "Slipway-Roles", int.MaxValue) ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToSeq(),
    };

    /// <summary>What is too long is refused: cut or dropped it would mean something else.</summary>
    static string? Header(HttpRequest http, string name, int most) => http.Headers[name] switch
    {
        [] or [null or ""] => null,
        [{ } one] when one.Length <= most => one,
        [_] => throw new WrongException($"{name} is longer than {most} characters"),
        _ => throw new WrongException($"{name} is there more than once"),
    };
}

/// <summary>Something in a request cannot be understood: 400, with these words.</summary>
sealed class WrongException(string what) : Exception(what);

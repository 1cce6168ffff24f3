using System.Text;
using System.Text.RegularExpressions;
using Slipway.Gateway.Http;
using Slipway.Routing;
using Condition = Slipway.Routing.Condition;

namespace Slipway.Gateway.Routing;

/// <summary>What a condition looks at in one request.</summary>
readonly ref struct Asked(RequestHead head, Address client, SessionWord session, Lane lane)
{
    public readonly RequestHead Head = head;
    public readonly Address Client = client;
    public readonly SessionWord Session = session;
    public readonly Lane Lane = lane;
}

/// <summary>
/// A condition made ready: names and values as bytes, networks as masks, a pattern that takes linear time.
/// </summary>
sealed class CompiledCondition
{
    readonly Subject _subject;
    readonly Comparison _comparison;
    readonly bool _not;
    readonly byte[] _name;
    readonly byte[][] _values;
    readonly Network[] _networks = [];
    readonly Regex? _pattern;

    /// <exception cref="RouteTableException">It cannot be compiled.</exception>
    public CompiledCondition(Condition condition, string rule)
    {
        (_subject, _comparison, _not) = (condition.Subject, condition.Comparison, condition.Not);
        _name = Encoding.UTF8.GetBytes(condition.Name);
        _values = [.. condition.Values.Select(Encoding.UTF8.GetBytes)];
        if (_subject == Subject.Path && _comparison != Comparison.Regex)
            _values = [.. _values.Select(value => RoutedPath.Of(value))];
        if (_values.Length > Limits.Values)
            throw new RouteTableException($"Rule '{rule}' compares with {_values.Length} values: "
                + $"{Limits.Values} at most, put them into several rules.");
        if (_comparison == Comparison.InNetwork)
            _networks = [.. condition.Values.Select(text => NetworkOf(text, rule))];
        if (_comparison == Comparison.Regex) _pattern = PatternOf(condition.Values, rule);
        if (_subject == Subject.Client && _comparison != Comparison.InNetwork)
            throw new RouteTableException($"Rule '{rule}' compares the client's address by {_comparison}: "
                + $"only {Comparison.InNetwork} does.");
    }

    public bool Holds(in Asked asked) => Finds(asked) != _not;

    bool Finds(in Asked asked)
    {
        switch (_subject)
        {
            case Subject.Header: return InHeaders(asked);
            case Subject.Cookie: return Fields.TryCookie(asked.Head, _name, out var cookie) && Fits(cookie, asked);
            case Subject.Query: return Fields.TryQuery(asked.Head, _name, out var value) && FitsDecoded(value, asked);
            case Subject.Method: return Fits(asked.Head.Method, asked);
            case Subject.Path: return Fits(asked.Head.RoutedPath, asked);
            case Subject.Client: return InNetworks(asked.Client);
            case Subject.Session:
                Span<byte> word = stackalloc byte[Limits.SessionWord];
                return Fits(word[..asked.Session.Write(word)], asked)
                    || (asked.Session.IsLive && Fits("active"u8, asked)); // whatever an app calls it
            default: return false;
        }
    }

    bool InHeaders(in Asked asked)
    {
        var head = asked.Head;
        for (var i = 0; i < head.Count; i++)
            if (Ascii.EqualsIgnoreCase(head.Name(i), _name) && Fits(head.Value(i), asked))
                return true;
        return false;
    }

    bool InNetworks(Address client)
    {
        foreach (var network in _networks)
            if (network.Contains(client)) return true;
        return false;
    }

    bool Fits(ReadOnlySpan<byte> text, in Asked asked)
    {
        switch (_comparison)
        {
            case Comparison.Exists: return true;
            case Comparison.Regex: return Found(text, asked.Lane);
            case Comparison.InNetwork: return false;
        }

        foreach (var value in _values)
            if (_comparison switch
            {
                Comparison.Prefix => text.StartsWith(value),
                Comparison.Suffix => text.EndsWith(value),
                _ => text.SequenceEqual(value),
            }) return true;
        return false;
    }

    /// <summary>The pattern reads characters; bytes that are no text become the sign for that.</summary>
    bool Found(ReadOnlySpan<byte> text, Lane lane)
    {
        if (text.Length > Limits.PatternInput) return false;
        var length = Encoding.UTF8.GetChars(text, lane.Text);
        return _pattern!.IsMatch(lane.Text.AsSpan(0, length));
    }

    bool FitsDecoded(ReadOnlySpan<byte> text, in Asked asked)
    {
        if (text.IndexOfAny((byte)'%', (byte)'+') < 0) return Fits(text, asked);
        if (text.Length > Limits.PatternInput) return false;
        return Fits(asked.Lane.Decoded(text), asked);
    }

    static Network NetworkOf(string text, string rule) => Network.TryParse(text, out var network)
        ? network
        : throw new RouteTableException(
            $"Rule '{rule}' names '{text}', which is no network: write it like 10.0.0.0/8.");

    static Regex PatternOf(Seq<string> values, string rule)
    {
        var text = values.Count == 1 ? values[0] : "";
        if (text.Length is 0 or > Limits.Pattern)
            throw new RouteTableException($"Rule '{rule}' needs one pattern of 1 to {Limits.Pattern} characters.");
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new RouteTableException($"Rule '{rule}' has the pattern '{text}', which cannot be used: {e.Message}");
        }
    }
}

/// <summary>A table that cannot be served, and what to change in it.</summary>
public sealed class RouteTableException(string message) : Exception(message);

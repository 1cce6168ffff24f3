namespace Slipway.Routing;

/// <summary>Which requests a rule takes: all of its conditions must hold; none at all means every request.</summary>
public sealed record Match(Seq<Condition> All)
{
    public static readonly Match Everything = new([]);
}

public enum Subject { Header, Cookie, Method, Path, Query, Client, Session }

public enum Comparison { Equal, Prefix, Suffix, Regex, In, Exists, InNetwork }

/// <summary>One look at a request: <paramref name="Name"/> is that of the header, cookie or query key.</summary>
public sealed record Condition(
    Subject Subject, string Name, Comparison Comparison, Seq<string> Values, bool Not = false);

namespace Slipway;

/// <summary>
/// The secret that a control plane wants and a command sends; in the environment, where nobody else sees it.
/// </summary>
internal sealed record Token(string? Value, string? Problem)
{
    public const string Advice =
        "Only letters, digits and signs of ASCII, without blanks. From a file: export SLIPWAY_TOKEN=\"$(cat FILE)\"";

    public static Token Of(Desk desk) => desk.Around.Variable("SLIPWAY_TOKEN") switch
    {
        null or "" => new(null, null),
        { } said when said.All(letter => letter is > ' ' and < '\x7F') => new(said, null),
        { } said => new(null, said.AsSpan().ContainsAny('\r', '\n')
            ? "SLIPWAY_TOKEN has a line break in it"
            : "SLIPWAY_TOKEN has characters in it that cannot be sent"),
    };
}

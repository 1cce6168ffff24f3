using System.Globalization;
using System.Text.Json;
using Slipway.Adapters.Commands;
using Slipway.Gates;

namespace Slipway.Adapters.Sources;

/// <summary>
/// A number of a size that can be judged, or why there is none, in words that can be shown to anybody.
/// </summary>
readonly record struct Answer
{
    public double? Value { get; private init; }
    public string Why { get; private init; }

    /// <summary>There is something, and it may be a number another time.</summary>
    public bool Exists { get; private init; }

    /// <summary>There is nothing where something was looked for.</summary>
    public bool IsEmpty { get; private init; }

    /// <summary>The question itself is wrong: no later answer would be a number.</summary>
    public bool IsWrong { get; private init; }

    public static Answer Of(double value) => value switch
    {
        >= -Sample.LargestValue and <= Sample.LargestValue => new() { Value = value, Why = "", Exists = true },
        double.NaN => Strange("NaN is no value: a division of zero by zero, often because nothing has happened yet"),
        double.PositiveInfinity or double.NegativeInfinity => Strange("the value is infinite: a division by zero"),
        _ => Strange(FormattableString.Invariant($"the value is {value:0.##E+0}: beyond ±1E+15 nothing is judged")),
    };

    static Answer Strange(string why) => No(why) with { Exists = true };

    public static Answer No(string why) => new()
    {
        Why = why.Length <= Limits.WordsMax ? why : why[..Limits.WordsMax] + "…",
    };

    public static Answer Empty(string why) => No(why) with { IsEmpty = true };

    public static Answer Wrong(string why) => No(why) with { IsWrong = true };

    /// <summary>Prometheus and others write numbers as text, so that there may be infinite ones.</summary>
    public static Answer Of(string text) => text.Trim() switch
    {
        "NaN" => Of(double.NaN),
        "+Inf" or "Inf" => Of(double.PositiveInfinity),
        "-Inf" => Of(double.NegativeInfinity),
        // No thousands: "98,5" would be 985, and nobody knows what the comma was meant to be.
        var number when double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) =>
            Of(value),
        "" => No("nothing was answered"),
        // Not shown: nobody knows what it is.
        _ => No("what was answered is not a number"),
    };

    /// <summary>
    /// What went wrong, without what the exception itself says: addresses may hold secrets, once they are resolved.
    /// </summary>
    public static Answer Failed(Exception e, TimeSpan timeout) => No(e switch
    {
        OperationCanceledException => $"no answer within {timeout.TotalSeconds:0.###} s",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name is not known",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "it cannot be reached",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "TLS with it fails",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            $"it answered more than {Limits.AnswerBytes} bytes",
        HttpRequestException or IOException => "its answer broke off",
        JsonException => "what it answered is not JSON",
        UriFormatException => "its address is not a web address",
        MissingVariableException missing => missing.Message.TrimEnd('.'),
        System.ComponentModel.Win32Exception => "the command cannot be started",
        _ => $"it failed ({e.GetType().Name})",
    });
}

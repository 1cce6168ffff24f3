using System.Globalization;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.ServiceFile.Shapes;

/// <summary>
/// Three kinds, by what a bare number would mean. A share of the traffic: 5 is 5 %. A rate: the sign is required,
/// since 0.01 could be meant as a fraction. A number of instances: 2 is two of them, 25% a quarter.
/// </summary>
internal static class Percentages
{
    const string BareOrSigned = """{ "type": ["number", "string"], "pattern": "^\\d+(\\.\\d+)? ?%?$" }""";

    public static readonly Shape<Share> Share = ShareFrom(0);

    /// <summary>A share that means something is more than nothing.</summary>
    public static readonly Shape<Share> SomeShare = ShareFrom(0.01);

    /// <summary>As a fraction: 1% is 0.01.</summary>
    public static readonly Shape<double> Rate = RateUpTo(100);

    public static readonly Shape<CountOrPercent> Instances = new ScalarShape<CountOrPercent>("a number of instances " +
        "or a percentage, like 1 or 25%",
        """{ "type": ["integer", "string"], "minimum": 0, "pattern": "^(\\d+|\\d+(\\.\\d+)? ?%)$" }""", text =>
        {
            var signed = text.EndsWith('%');
            if (!Numbers.TryParse(text.TrimEnd('%').TrimEnd(), out var number))
                return new(default, $"\"{text}\" is not a number");
            if (number < 0) return new(default, $"{text} is less than nothing", "at least 0");
            if (signed) return number <= 100 ? new(CountOrPercent.Percent(number)) : TooMuch<CountOrPercent>(text, 100);
            if (number != Math.Floor(number)) return new(default, $"{text} is not a whole number of instances");
            return number <= Limits.Replicas
                ? new(CountOrPercent.Count((int)number))
                : new(default, $"{text} is too large", $"at most {Limits.Replicas:N0}");
        });

    public static Shape<double> RateUpTo(double most, string? why = null) => RateFrom(0, most, why);

    public static Shape<double> RateFrom(double least, double most, string? why = null) =>
        new ScalarShape<double>("a percentage, like 1%",
        """{ "type": "string", "pattern": "^\\d+(\\.\\d+)? ?%$" }""", text =>
        {
            if (!Numbers.TryParse(text.TrimEnd('%').TrimEnd(), out var number))
                return new(0, $"\"{text}\" is not a percentage");
            if (!text.EndsWith('%'))
                return new(0, $"\"{text}\" needs a percent sign",
                    $"write {Plain(number)}%, or {Plain(number * 100)}% if that is meant");
            if (number < 0) return new(0, $"{text} is less than nothing", $"at least {Plain(least)}%");
            if (number < least) return new(0, $"{text} is too little", $"at least {Plain(least)}%");
            return number <= most ? new(Math.Round(number / 100, 12)) : TooMuch<double>(text, most, why);
        });

    static ScalarShape<Share> ShareFrom(double least) => new("a percentage, like 5%", BareOrSigned, text =>
    {
        if (!Numbers.TryParse(text.TrimEnd('%').TrimEnd(), out var number))
            return new(default, $"\"{text}\" is not a percentage");
        if (number > 100) return TooMuch<Share>(text, 100);
        if (number < least) return new(default, $"{text} is too small", $"at least {Plain(least)}%");
        return Math.Abs(number * 100 - Math.Round(number * 100)) < 1e-9
            ? new(Routing.Share.Percent(number))
            : new(default, $"{text} is finer than traffic can be split", "steps of 0.01% are the finest");
    });

    static Parsed<T> TooMuch<T>(string text, double most, string? why = null) =>
        new(default, $"{text} is too much", $"at most {Plain(most)}%" + (why is null ? "" : $": {why}"));

    static string Plain(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}

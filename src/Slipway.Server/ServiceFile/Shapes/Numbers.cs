using System.Globalization;

namespace Slipway.ServiceFile.Shapes;

internal static class Numbers
{
    public static readonly Shape<double> Any = new ScalarShape<double>("a number, like 95 or 0.5",
        """{ "type": "number" }""",
        text => TryParse(text, out var number) ? new(number) : NotANumber<double>(text));

    /// <summary>How many in a second: 50 or 50/s.</summary>
    public static readonly Shape<double> PerSecond = new ScalarShape<double>("a number in a second, like 50/s",
        """{ "type": ["number", "string"], "pattern": "^\\d+(\\.\\d+)?(/s)?$" }""",
        text => TryParse(text.EndsWith("/s", StringComparison.Ordinal) ? text[..^2] : text, out var number)
            && number >= 0
            ? new(number) : NotANumber<double>(text));

    public static readonly Shape<bool> YesNo = new ScalarShape<bool>("true or false", """{ "type": "boolean" }""",
        text => text switch
        {
            "true" => new(true),
            "false" => new(false),
            _ => new(false, $"\"{text}\" is neither true nor false"),
        });

    public static Shape<int> Whole(int least, int most)
    {
        var example = Math.Clamp(4, least, most);
        return new ScalarShape<int>($"a whole number, like {example}",
            $$"""{ "type": "integer", "minimum": {{least}}, "maximum": {{most}} }""", text =>
            {
                if (!TryParse(text, out var number)) return NotANumber<int>(text);
                if (number != Math.Floor(number)) return new(0, $"{text} is not a whole number");
                if (number < least) return new(0, $"{text} is too small", $"at least {least}");
                return number > most ? new(0, $"{text} is too large", $"at most {most:N0}") : new((int)number);
            });
    }

    public static bool TryParse(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);

    static Parsed<T> NotANumber<T>(string text) => new(default, $"\"{text}\" is not a number");
}

namespace Slipway.Screens;

/// <summary>
/// What others have written, on a screen: it must not move the cursor, change colours, begin lines or turn the order
/// of reading. What would is shown as a sign.
/// </summary>
internal static class Foreign
{
    const char Pictures = '\u2400', Delete = '\u2421', Unknown = '\uFFFD';

    public static string Line(string text) =>
        text.Any(Acts) ? string.Concat(text.Select(letter => Acts(letter) ? SignOf(letter) : letter)) : text;

    /// <summary>Signs of ours, for a terminal that has only letters.</summary>
    public static bool IsSign(char letter) => letter is >= Pictures and <= Delete or Unknown;

    static bool Acts(char letter) => char.IsControl(letter)
        || letter is '\u2028' or '\u2029' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E')
            or (>= '\u2066' and <= '\u2069');

    static char SignOf(char letter) => letter switch
    {
        '\n' or '\r' or '\t' => ' ',
        < ' ' => (char)(Pictures + letter),
        '\x7F' => Delete,
        _ => Unknown,
    };
}

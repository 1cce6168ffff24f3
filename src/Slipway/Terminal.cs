using Slipway.Screens;

namespace Slipway;

/// <summary>
/// What an output stream can show. Decided once, from the stream and the environment; everything else asks this.
/// </summary>
internal sealed record Terminal
{
    const int WidthAtMost = 160;

    /// <summary>May be repainted: a person is looking.</summary>
    public bool Live { get; init; }
    public bool Colour { get; init; }
    public bool Unicode { get; init; } = true;
    public int Width { get; init; } = 80;
    public int Height { get; init; } = 24;

    /// <summary>Where the person is: times are told as their clock says them.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    /// <summary>A question would be answered.</summary>
    public bool CanAsk { get; init; }

    /// <summary>Runs in GitHub Actions, which marks the lines of files in reviews.</summary>
    public bool GitHub { get; init; }

    /// <summary>
    /// The arrow and the ellipsis: what screens use beyond letters, with a spelling for plain terminals.
    /// </summary>
    public string Arrow => Unicode ? "→" : "->";
    public string Ellipsis => Unicode ? "…" : "~";

    /// <summary>Our own words as this terminal can show them.</summary>
    public string Spelt(string text) => Unicode ? text : string.Concat(
        text.Replace("…", "...").Replace("→", "->").Select(letter => Foreign.IsSign(letter) ? '?' : letter));

    public string Strong(string text) => Paint(text, "1");
    public string Bad(string text) => Paint(text, "1;31");
    public string Doubtful(string text) => Paint(text, "1;33");
    public string Muted(string text) => Paint(text, "2");

    string Paint(string text, string code) => Colour && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;

    /// <summary>Own detection: libraries write colours into files and ask the wrong stream.</summary>
    public static Terminal Detect(Surroundings around, string? colour = null)
    {
        bool Set(string name) => !string.IsNullOrEmpty(around.Variable(name));
        var dumb = around.Variable("TERM") is null or "" or "dumb";
        var seen = !around.OutputRedirected && !dumb;
        var automatic = Set("CI") || Set("GITHUB_ACTIONS") || Set("TF_BUILD");
        var (width, height) = seen ? around.Size() : (0, 0);
        if (width <= 0) width = Columns(around) ?? (seen ? 80 : 120);
        return new()
        {
            Live = seen && !automatic,
            Colour = colour switch
            {
                "always" => true,
                "never" => false,
                _ when Set("NO_COLOR") => false,
                _ when Set("FORCE_COLOR") || Set("CLICOLOR_FORCE") => around.Variable("FORCE_COLOR") != "0",
                _ => seen,
            },
            Unicode = SpeaksUtf8(around),
            Width = Math.Min(width, WidthAtMost),
            Height = height > 0 ? height : 24,
            CanAsk = seen && !around.InputRedirected && !automatic,
            GitHub = Set("GITHUB_ACTIONS"),
        };
    }

    static int? Columns(Surroundings around) =>
        int.TryParse(around.Variable("COLUMNS"), out var columns) && columns > 20 ? columns : null;

    static bool SpeaksUtf8(Surroundings around)
    {
        string[] names = ["LC_ALL", "LC_CTYPE", "LANG"];
        var language = names.Select(around.Variable).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return language.Contains("UTF-8", StringComparison.OrdinalIgnoreCase)
            || language.Contains("utf8", StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>What a terminal is told apart by; a test makes its own.</summary>
internal sealed record Surroundings(
    Func<string, string?> Variable, bool OutputRedirected, bool InputRedirected, Func<(int Width, int Height)> Size)
{
    const int NameMax = 64;

    /// <summary>The name that somebody has logged in with.</summary>
    public string Login { get; init; } = "";

    /// <summary>Who asks, for the history. As long as the control plane takes it.</summary>
    public string Who
    {
        get
        {
            var name = Variable("SLIPWAY_BY") is { Length: > 0 } said ? said : Login;
            return name.Length <= NameMax ? name : name[..NameMax];
        }
    }

    public static Surroundings Real => new(
        Environment.GetEnvironmentVariable, Console.IsOutputRedirected, Console.IsInputRedirected,
        () => (Console.WindowWidth, Console.WindowHeight))
    { Login = Environment.UserName };
}

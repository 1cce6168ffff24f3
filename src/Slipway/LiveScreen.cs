using System.Text;

namespace Slipway;

/// <summary>
/// Repaints a block of lines at the bottom of the terminal: one write a frame, only the lines that changed, never
/// taller than the window: what is too much is left out above the last lines, which say what can be done. What was
/// painted last stays when it is disposed.
/// </summary>
internal sealed class LiveScreen(TextWriter output, Func<(int Width, int Height)> size) : IDisposable
{
    const string Esc = "\e[";
    const int Foot = 3;

    readonly List<string> _shown = [];
    int _width;
    bool _open;

    /// <summary>How wide lines may be: the last column is left alone, since some terminals wrap there.</summary>
    public int Width => Math.Max(1, size().Width - 1);

    public void Paint(IReadOnlyList<string> lines)
    {
        var (width, height) = size();
        var next = Fitting(lines, Math.Max(1, height - 1)).Select(line => Clip(line, Math.Max(1, width - 1))).ToList();
        var frame = new StringBuilder(Esc).Append("?2026h");
        if (!_open) frame.Append(Esc).Append("?25l");
        Home(frame, width);
        if (width != _width)
        {
            frame.Append(Esc).Append('J');
            _shown.Clear();
        }

        for (var i = 0; i < next.Count; i++)
        {
            if (i > 0) frame.Append("\r\n");
            if (i >= _shown.Count || _shown[i] != next[i]) frame.Append(next[i]).Append(Esc).Append('K');
        }

        if (next.Count < _shown.Count) frame.Append(Esc).Append('J');
        frame.Append(Esc).Append("?2026l");
        _shown.Clear();
        _shown.AddRange(next);
        (_width, _open) = (width, true);
        output.Write(frame);
        output.Flush();
    }

    public void Dispose()
    {
        if (!_open) return;
        _open = false;
        output.Write($"\r\n{Esc}?25h");
        output.Flush();
    }

    static IEnumerable<string> Fitting(IReadOnlyList<string> lines, int most)
    {
        if (lines.Count <= most || most < 2 * Foot) return lines.Take(most);
        var left = most - Foot - 1;
        return [.. lines.Take(left), $"  … {lines.Count - left - Foot} lines more", .. lines.TakeLast(Foot)];
    }

    /// <summary>A window that became narrower has wrapped our lines.</summary>
    void Home(StringBuilder frame, int width)
    {
        var up = _shown.Sum(line => Math.Max(1, (Cells(line) + width - 1) / Math.Max(1, width))) - 1;
        frame.Append('\r');
        if (up > 0) frame.Append(Esc).Append(up).Append('A');
    }

    static int Cells(string text)
    {
        var cells = 0;
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\e')
                while (i < text.Length && text[i] != 'm') i++;
            else if (!char.IsLowSurrogate(text[i])) cells++;
        return cells;
    }

    static string Clip(string text, int most)
    {
        if (Cells(text) <= most) return text;
        var (clipped, cells) = (new StringBuilder(), 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\e')
            {
                var end = text.IndexOf('m', i);
                clipped.Append(text, i, end - i + 1);
                i = end;
                continue;
            }

            if (!char.IsLowSurrogate(text[i]) && ++cells > most) break;
            clipped.Append(text[i]);
        }

        return clipped.Append("\e[0m").ToString();
    }
}

using Slipway.Client;

namespace Slipway.Screens;

/// <summary>
/// The table of all services. Its columns are what an operator needs, so none of them goes: a cell that is too long
/// takes more lines, and a reason that is too long stands below its service.
/// </summary>
internal sealed class StatusTable
{
    /// <summary>"at once until 14:43" is as readable in two lines.</summary>
    const int UndoLeast = 11;
    const int StateLeast = 14, StateEnough = 24;
    const int ReasonLinesMax = 2;

    readonly int _room, _name, _version, _state, _undo;
    readonly Terminal _glyphs;

    public StatusTable(IReadOnlyList<ServiceReport> rows, int room, Terminal glyphs)
    {
        (_room, _glyphs) = (room, glyphs);
        _name = Widest("SERVICE", rows.Select(s => s.Name));
        _version = Widest("VERSION", rows.Select(s => StatusScreen.Version(s, glyphs)));
        _undo = Widest("UNDO", rows.Select(s => StatusScreen.Undo(s.Undo, glyphs)));
        if (Left < StateEnough) _undo = Math.Min(_undo, UndoLeast);
        _state = Math.Clamp(Widest("STATE", rows.Select(StateIn)), StateLeast, Math.Max(StateLeast, Left));
    }

    public string Header => Line("SERVICE", "VERSION", "STATE", "UNDO");

    public IEnumerable<string> Row(ServiceReport s)
    {
        var state = Wrap.Words(StateIn(s), _state).ToList();
        var undo = Wrap.Words(StatusScreen.Undo(s.Undo, _glyphs), _undo).ToList();
        for (var i = 0; i < Math.Max(state.Count, undo.Count); i++)
            yield return i == 0
                ? Line(s.Name, StatusScreen.Version(s, _glyphs), state[0], undo[0])
                : Line("", "", state.ElementAtOrDefault(i) ?? "", undo.ElementAtOrDefault(i) ?? "");
        foreach (var line in Reason(s)) yield return $"  {line}";
    }

    /// <summary>What the other columns leave.</summary>
    int Left => _room - _name - _version - _undo - 6;

    /// <summary>What is so, without why where that has no room beside it.</summary>
    string StateIn(ServiceReport s) => HasRoom(s) ? s.State : s.State[..Colon(s)];

    bool HasRoom(ServiceReport s) => s.State.Length <= Left || Colon(s) < 0;

    static int Colon(ServiceReport s) => s.State.IndexOf(": ", StringComparison.Ordinal);

    IEnumerable<string> Reason(ServiceReport s)
    {
        if (HasRoom(s)) yield break;
        var lines = Wrap.Words(s.State[(Colon(s) + 2)..], _room - 2 - _glyphs.Ellipsis.Length).ToList();
        foreach (var line in lines.Take(ReasonLinesMax - 1)) yield return line;
        if (lines.Count >= ReasonLinesMax)
            yield return lines[ReasonLinesMax - 1] + (lines.Count > ReasonLinesMax ? _glyphs.Ellipsis : "");
    }

    string Line(string name, string version, string state, string undo) =>
        $"{name.PadRight(_name)}  {version.PadRight(_version)}  {state.PadRight(_state)}  {undo}".TrimEnd();

    static int Widest(string head, IEnumerable<string> cells) => cells.Append(head).Max(cell => cell.Length);
}

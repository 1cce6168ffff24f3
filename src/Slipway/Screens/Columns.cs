namespace Slipway.Screens;

/// <summary>
/// A table without borders, two spaces between. Too narrow, it drops columns from the right; only the sentences of its
/// first column are wrapped.
/// </summary>
internal sealed class Columns(int lead, int room)
{
    readonly List<(string Head, List<string> Cells, int Width)> _columns = [];
    int _lead = lead;

    public void Add(string head, IEnumerable<string> cells, int least = 0)
    {
        var all = cells.Select(Foreign.Line).ToList();
        _columns.Add((head, all, Math.Max(least, all.Append(head).Max(cell => cell.Length))));
    }

    /// <param name="narrowestLead">How far a first column of sentences may shrink; names stay whole.</param>
    public void Fit(int narrowestLead = int.MaxValue)
    {
        while (_columns.Count > 1 && room - Beside < Math.Min(_lead, narrowestLead))
            _columns.RemoveAt(_columns.Count - 1);
        _lead = Math.Min(_lead, Math.Max(1, room - Beside));
    }

    public bool Has(string head) => _columns.Exists(column => column.Head == head);

    public string Header(string lead) => Line(lead, column => column.Head);

    public IEnumerable<string> Row(string lead, int row)
    {
        var first = true;
        foreach (var part in Wrap.Words(lead, _lead))
        {
            yield return first ? Line(part, column => column.Cells[row]) : part;
            first = false;
        }
    }

    int Beside => _columns.Sum(column => column.Width + 2);

    string Line(string lead, Func<(string Head, List<string> Cells, int Width), string> cell) =>
        string.Join("  ", _columns.Select(column => cell(column).PadRight(column.Width)).Prepend(lead.PadRight(_lead)))
            .TrimEnd();
}

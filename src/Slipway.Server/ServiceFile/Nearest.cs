namespace Slipway.ServiceFile;

/// <summary>Finds what somebody meant to type.</summary>
public static class Nearest
{
    /// <summary>The known name that is closest, if at most a third of its letters differ.</summary>
    public static string? To(string word, IEnumerable<string> known) => known
        .Where(name => Math.Abs(name.Length - word.Length) <= name.Length)
        .Select(name => (Name: name, Distance: Distance(word.ToLowerInvariant(), name.ToLowerInvariant())))
        .Where(near => near.Distance <= Math.Max(1, Math.Min(word.Length, near.Name.Length) / 3))
        .OrderBy(near => near.Distance).ThenBy(near => near.Name, StringComparer.Ordinal)
        .Select(near => near.Name)
        .FirstOrDefault();

    public static string DidYouMean(string word, IEnumerable<string> known) =>
        To(word, known) is { } near ? $"did you mean \"{near}\"?" : "";

    /// <summary>Edits from one to the other; two neighbours that changed places count as one.</summary>
    static int Distance(string a, string b)
    {
        var edits = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) edits[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) edits[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var change = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1, change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        return edits[a.Length, b.Length];
    }
}

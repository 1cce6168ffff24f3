using System.Text;
using Slipway.ServiceFile.Keys;
using Slipway.ServiceFile.Yaml;
using Slipway.Specification;

namespace Slipway.ServiceFile;

/// <summary>
/// A slipway.yaml after reading: the specification when it is valid, and everything that is to say about it.
/// </summary>
public sealed class SlipwayFile
{
    SlipwayFile(string path, string text)
    {
        Path = path;
        Lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
    }

    public string Path { get; }

    /// <summary>As written, for excerpts.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Null when there is an error.</summary>
    public ServiceSpec? Spec { get; private init; }

    /// <summary>Errors and warnings in the order of the file.</summary>
    public IReadOnlyList<Problem> Problems { get; private init; } = [];

    public int Errors => Problems.Count(problem => problem.Severity == ProblemSeverity.Error);

    /// <summary>Where the gate on a metric of another system stands.</summary>
    public At? GateOn(string metric)
    {
        if (new TreeReader(Lines, new()).Read() is not Node.Map root
            || root.Find("gates")?.Value is not Node.List gates) return null;
        return gates.Items.OfType<Node.Map>().Select(gate => gate.Find("metric") ?? gate.Find("compare"))
            .FirstOrDefault(entry => entry?.Value is Node.Text text && text.Value == metric)?.Value.At;
    }

    /// <summary>Where a key stands, by its path.</summary>
    public At? KeyAt(params string[] path) =>
        new TreeReader(Lines, new()).Read() is { } root && new Outline(root, new()).Find(path) is { Found: true } found
            ? found.At
            : null;

    /// <summary>
    /// With what is doubtful about files that it names, as they are seen from its own folder. Another machine may have
    /// others there, so nothing of it is an error.
    /// </summary>
    public SlipwayFile SeenFrom(string folder)
    {
        if (Spec?.Traffic.Tls is not { } tls || new TreeReader(Lines, new()).Read() is not { } root) return this;
        var problems = new Problems();
        Advice.OnTheCertificate(tls, folder, new(root, problems));
        var all = Problems.Concat(problems.Within(Lines)).OrderBy(problem => problem.At.Line);
        return new(Path, string.Join('\n', Lines)) { Spec = Spec, Problems = [.. all] };
    }

    /// <summary>Takes no more of it than is needed to see that it is too long.</summary>
    public static SlipwayFile Read(string path, TextReader reader)
    {
        var text = new StringBuilder();
        var part = new char[4096];
        while (text.Length <= Limits.Characters && reader.ReadBlock(part) is > 0 and var count)
            text.Append(part, 0, count);
        return Read(path, text.ToString());
    }

    /// <summary>Never throws, whatever the text is.</summary>
    public static SlipwayFile Read(string path, string text)
    {
        var problems = new Problems();
        var source = new SlipwayFile(path, text);
        ServiceSpec? spec = null;
        if (new TreeReader(source.Lines, problems).Read() is { } root
            && ServiceKeys.File.TryRead(root, problems, out spec))
        {
            var places = new Outline(root, problems);
            CrossChecks.Ask(spec, places);
            if (problems.Errors == 0) CrossChecks.AskThePlan(spec, places);
            if (problems.Errors == 0) Advice.Give(spec, places);
        }
        return new(path, text) { Spec = problems.Errors == 0 ? spec : null, Problems = problems.Within(source.Lines) };
    }
}

namespace Slipway.Tests;

/// <summary>A command as somebody types it, in a folder of its own, and what came of it.</summary>
internal sealed class Typed : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("slipway-test-");
    readonly Dictionary<string, string> variables = new() { ["TERM"] = "xterm", ["LANG"] = "C.UTF-8" };
    readonly StringWriter said = new() { NewLine = "\n" }, told = new() { NewLine = "\n" };

    public int Width { get; init; } = 80;
    public bool OnTerminal { get; init; }
    public string Login { get; init; } = "";
    public string Out => said.ToString();
    public string Error => told.ToString();

    public Typed With(string file, string text)
    {
        File.WriteAllText(Path.Combine(folder.FullName, file), text);
        return this;
    }

    public DirectoryInfo Folder => folder;

    public string Read(string file) => File.ReadAllText(Path.Combine(folder.FullName, file));

    public Typed Where(string variable, string value)
    {
        variables[variable] = value;
        return this;
    }

    public int Run(params string[] args)
    {
        variables["COLUMNS"] = $"{Width}";
        var around = new Surroundings(variables.GetValueOrDefault, OutputRedirected: !OnTerminal,
            InputRedirected: !OnTerminal, () => (Width, 24))
        { Login = Login };
        return App.Run(args, new(said, told, folder.FullName, around));
    }

    public void Dispose() => folder.Delete(recursive: true);
}

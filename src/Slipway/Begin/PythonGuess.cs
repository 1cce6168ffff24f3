namespace Slipway.Begin;

/// <summary>A Python project, served the way that what it needs is usually served.</summary>
internal static class PythonGuess
{
    public static Guess? Of(DirectoryInfo folder)
    {
        var needs = Guess.Text(folder, "pyproject.toml") + Guess.Text(folder, "requirements.txt");
        var hasManage = File.Exists(Path.Combine(folder.FullName, "manage.py"));
        if (needs.Length == 0 && !hasManage) return null;
        bool Needs(string package) => needs.Contains(package, StringComparison.OrdinalIgnoreCase);

        var module = File.Exists(Path.Combine(folder.FullName, "app.py")) ? "app" : "main";
        var command = Guess.Words(hasManage ? "python3 manage.py runserver --noreload 127.0.0.1:{port}"
            : Needs("flask") ? $"python3 -m flask --app {module} run --port {{port}}"
            : $"python3 -m uvicorn {module}:app --port {{port}}");
        return new("a Python project", Guess.Named(folder.Name), command,
            "mkdir -p builds/1.0 && cp -r *.py builds/1.0/");
    }
}

namespace Slipway.Machines;

/// <summary>
/// Programs of this tree as they were built, each in its own folder: beside the tests lie the libraries of all.
/// </summary>
public static class Built
{
    /// <param name="system">It was built for one system, whose name its folder has.</param>
    public static string File(string project, string file, bool system = false)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = system ? $"{here.Name}_linux-x64" : here.Name;
        return Path.Combine(here.Parent!.Parent!.FullName, project, configuration, file);
    }
}

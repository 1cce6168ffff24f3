namespace Slipway.Support;

/// <summary>Finds files of this project from wherever the tests were built to.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "slipway.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException("slipway.slnx is in no folder above the tests.");
    }
}

using Slipway.ServiceFile;

namespace Slipway;

/// <summary>Opens the slipway.yaml that a command is about.</summary>
internal static class ServiceFiles
{
    /// <summary>Null when it can't be opened, which has then been told.</summary>
    public static SlipwayFile? Read(string path, Desk desk)
    {
        var whole = Path.Combine(desk.Folder, path);
        try
        {
            using var reader = new StreamReader(whole);
            return SlipwayFile.Read(path, reader);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            if (path == "slipway.yaml")
                desk.Refuse("there is no slipway.yaml in this folder",
                    "To write one: slipway init      To see one: slipway demo");
            else
                desk.Refuse($"{path} does not exist", "Name a file, or none for the slipway.yaml of this folder.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(whole))
                desk.Refuse($"{path} is a folder", $"Its file is perhaps {Path.Combine(path, "slipway.yaml")}");
            else desk.Refuse($"{path} can't be read", fault.Message);
        }
        return null;
    }
}

using Slipway.Client;
using Slipway.ServiceFile;

namespace Slipway;

/// <summary>A slipway.yaml without mistakes, fit to be sent to a control plane.</summary>
internal sealed record ReadyFile(string Path, string Service, string Yaml)
{
    /// <summary>Where its users come in, when they do so here.</summary>
    public string? Listen { get; init; }

    public Task<CommandReply> Register(SlipwayClient client, Desk desk, CancellationToken cancel) => client.Register(
        Service,
        new(Path, Yaml, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path, desk.Folder))!), cancel);
}

/// <summary>Opens the slipway.yaml that a command is about.</summary>
internal static class ServiceFiles
{
    /// <summary>Null when something is wrong with one of them, which has then been told.</summary>
    public static List<ReadyFile>? All(IEnumerable<string> paths, Desk desk)
    {
        var all = new List<ReadyFile>();
        foreach (var path in paths)
        {
            if (Read(path, desk) is not { } file) return null;
            if (file.Spec is null)
            {
                foreach (var line in ProblemScreen.Lines(file, desk.Terminal)) desk.Error.WriteLine(line);
                desk.Error.WriteLine(ProblemScreen.Summary(file, desk.Terminal));
                return null;
            }

            all.Add(new(path, file.Spec.Service, string.Join('\n', file.Lines)) { Listen = file.Spec.Traffic.Listen });
        }

        return all;
    }

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

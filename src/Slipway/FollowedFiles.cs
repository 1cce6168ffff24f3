using Slipway.Client;
using Slipway.ServiceFile;

namespace Slipway;

/// <summary>
/// The files that a control plane was started with: what is saved there is what is wanted from then on, once it can be
/// read. What cannot be is told, and what was wanted before stays.
/// </summary>
internal sealed class FollowedFiles(IEnumerable<ReadyFile> files, Desk desk, Action<string> tell)
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    readonly Dictionary<string, string> _seen = files.ToDictionary(file => file.Path, file => file.Yaml);

    public async Task Follow(SlipwayClient client, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, desk.Clock);
        while (await timer.WaitForNextTickAsync(cancel))
            foreach (var path in _seen.Keys.ToList())
                await Look(path, client, cancel);
    }

    async Task Look(string path, SlipwayClient client, CancellationToken cancel)
    {
        try
        {
            var text = await File.ReadAllTextAsync(Path.Combine(desk.Folder, path), cancel);
            var file = SlipwayFile.Read(path, text);
            var yaml = string.Join('\n', file.Lines);
            if (yaml == _seen[path]) return;
            _seen[path] = yaml;
            if (file.Spec is null)
            {
                tell($"{path} was changed and has mistakes, so what was wanted before stays. "
                    + $"To see them: slipway validate {path}");
                return;
            }

            var reply = await new ReadyFile(path, file.Spec.Service, yaml).Register(client, desk, cancel);
            tell($"{path} was changed, and {file.Spec.Service} follows: {reply.Text}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody is just saving it, or it was moved away: what was wanted stays.
        }
        catch (Exception e) when (e is NoAnswerException or RefusedException { Problem.Status: >= 500 })
        {
            _seen[path] = ""; // asked again: nobody has looked at it
        }
        catch (RefusedException e)
        {
            tell($"{path} was changed and is refused: {e.Message}");
        }
    }
}

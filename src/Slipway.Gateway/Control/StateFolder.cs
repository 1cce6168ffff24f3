using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Releases;

namespace Slipway.Gateway.Control;

/// <summary>
/// What the gateway goes on with after a restart, on the disk, a file for each service: written beside its place,
/// brought to the disk, put in its place, and the folder brought to the disk too. So it is whole at any time, whatever
/// fails, and what one service is ordered costs nothing for the others.
/// </summary>
public sealed partial class StateFolder(string folder, Func<string>? boot = null)
{
    const int Format = 1;
    const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string _boot = (boot ?? (() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()))();

    sealed record Saved(int Format, string Boot, SiteState Site);

    sealed record Begins(int Format);

    /// <summary>What was wrong with files that were found; they lie beside now.</summary>
    public string? Damage { get; private set; }

    /// <exception cref="StateFormatException">A newer gateway has written it.</exception>
    public Seq<SiteState> Read() => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Read).OfType<SiteState>()]
        : [];

    SiteState? Read(string path)
    {
        try
        {
            var text = File.ReadAllBytes(path);
            var format = JsonSerializer.Deserialize<Begins>(text, JournalFormat.Options)?.Format ?? 0;
            if (format > Format)
                throw new StateFormatException($"{path} was written by a newer gateway (format {format}, this one "
                    + $"reads up to {Format}): start that version again, or move the file away and begin without it.");
            if (format < 1) throw new JsonException("It does not say its format.");
            var saved = JsonSerializer.Deserialize<Saved>(text, JournalFormat.Options)!;
            if (saved.Site?.Service is not { } service || PathOf(service) != path)
                throw new JsonException("It is not of the service that its name says.");
            Wholeness.Check(saved.Site);
            return saved.Boot == _boot ? saved.Site : saved.Site with { Confirmed = false };
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            var aside = $"{path}.damaged";
            File.Move(path, aside, overwrite: true);
            Damage = $"{path} was damaged and lies at {aside} now: the gateway has begun without it, and serves this "
                + $"service again once the control plane has told it table and members. ({e.Message})";
            return null;
        }
    }

    public void Write(SiteState site)
    {
        var path = PathOf(site.Service);
        Directory.CreateDirectory(folder);
        var unfinished = $"{path}.new";
        using (var file = new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = Owner,
        }))
        {
            JsonSerializer.Serialize(file, new Saved(Format, _boot, site), JournalFormat.Options);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        KeepFolder(folder);
    }

    string PathOf(string service) => Path.Combine(folder, $"{service}.json");

    /// <summary>Else the new name may be lost though the file is not.</summary>
    static void KeepFolder(string folder)
    {
        const int readOnlyCloseOnExec = 0x80000;
        var descriptor = Open(folder, readOnlyCloseOnExec);
        if (descriptor < 0) throw new IOException($"The folder {folder} cannot be opened.");
        var failed = Sync(descriptor) != 0;
        _ = Close(descriptor);
        if (failed) throw new IOException($"The folder {folder} cannot be brought to the disk.");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

/// <summary>A state that this version cannot read, and what to do.</summary>
public sealed class StateFormatException(string message) : Exception(message);

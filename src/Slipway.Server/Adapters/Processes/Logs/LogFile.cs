using System.Text;
using Microsoft.Win32.SafeHandles;
using Slipway.Routing;

namespace Slipway.Adapters.Processes.Logs;

/// <summary>
/// What one instance has said, over all its starts. Old output is taken from the front without moving the rest, so an
/// offset stays right for ever: who follows asks for what comes after the last offset.
/// </summary>
/// <param name="Version">None when nobody knows any more which version the fleet was.</param>
public sealed record LogFile(string Path, string Instance, Fleet? Fleet, string? Version)
{
    public long Length => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

    /// <summary>When it said something last.</summary>
    public DateTimeOffset Written => File.GetLastWriteTimeUtc(Path);

    /// <summary>Whole lines from an offset on.</summary>
    public LogPage Read(long from) => Read(from, Limits.LogPage);

    internal LogPage Read(long from, int most)
    {
        using var file = Open();
        var length = RandomAccess.GetLength(file);
        if (from > length) from = 0; // it was begun anew
        var first = Native.DataFrom(file, from) ?? length;
        var buffer = new byte[Math.Min(most, Math.Max(0, length - first))];
        var bytes = buffer.AsSpan(0, RandomAccess.Read(file, buffer, first));

        // Taken away while we were about to read.
        var gone = bytes.IndexOfAnyExcept((byte)0) is >= 0 and var at ? at : bytes.Length;
        // The beginning of the first line is gone: it is told from the next one on.
        if (first > from || gone > 0) gone += bytes[gone..].IndexOf((byte)'\n') + 1;
        var end = bytes.LastIndexOf((byte)'\n') + 1;
        if (end <= gone && bytes.Length == most) end = bytes.Length; // no line is so long: told in parts
        end = Math.Max(end, gone);
        return new(Encoding.UTF8.GetString(bytes[gone..end]), first + end, Encoding.UTF8.GetString(bytes[end..]))
        {
            Skipped = first + gone - from,
        };
    }

    /// <summary>Where the last so many lines begin.</summary>
    public long Tail(int lines)
    {
        using var file = Open();
        var length = RandomAccess.GetLength(file);
        var first = Math.Max(Native.DataFrom(file, 0) ?? length, length - Limits.LogTailMax);
        var buffer = new byte[Math.Max(0, length - first)];
        var bytes = buffer.AsSpan(0, RandomAccess.Read(file, buffer, first));
        var begin = bytes.Length;
        if (begin > 0 && bytes[^1] == '\n') begin--;
        for (; lines > 0 && begin >= 0; lines--) begin = bytes[..begin].LastIndexOf((byte)'\n');
        return first + begin + 1;
    }

    SafeFileHandle Open() =>
        File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}

/// <param name="Text">Whole lines.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="Rest">The beginning of a line that is not ended yet: it comes again.</param>
public sealed record LogPage(string Text, long Next, string Rest)
{
    /// <summary>So many bytes were asked for and are gone.</summary>
    public long Skipped { get; init; }
}

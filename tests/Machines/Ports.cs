using System.Globalization;

namespace Slipway.Machines;

/// <summary>Who listens where, as the kernel knows it: whatever a program says of itself plays no part.</summary>
public static class Ports
{
    const string Listening = "0A";

    /// <summary>The process that listens on a port of this machine.</summary>
    public static int ListenerOf(int port)
    {
        var socket = $"socket:[{InodeOf(port)}]";
        foreach (var process in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var pid)
                && Holds(process, socket))
                return pid;
        throw new InvalidOperationException($"no process holds the socket of port {port}");
    }

    static string InodeOf(int port)
    {
        var end = $":{port:X4}";
        foreach (var line in File.ReadLines("/proc/net/tcp"))
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var local, _, Listening, ..] words
                && local.EndsWith(end, StringComparison.Ordinal))
                return words[9];
        throw new InvalidOperationException($"nobody listens on port {port}");
    }

    static bool Holds(string process, string socket)
    {
        try
        {
            return Directory.EnumerateFiles($"{process}/fd").Any(link => new FileInfo(link).LinkTarget == socket);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended meanwhile
        }
    }
}

using System.Text;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Telemetry;

/// <summary>
/// Numbers for routes: a route is the method and the first segment of the path. The first so many that come by get one
/// of their own, the others share <see cref="Other"/>: whoever asks for ever new paths cannot fill the memory.
/// </summary>
sealed class RouteClasses
{
    public const int Other = Limits.Routes;
    public const string OtherName = "other";
    const int Slots = Limits.Routes * 2;

    readonly byte[]?[] _names = new byte[]?[Slots];
    readonly int[] _numbers = new int[Slots];
    readonly string[] _texts = new string[Limits.Routes];
    int _count;

    /// <summary>For those who read: the names of the numbers below the count.</summary>
    public ReadOnlySpan<string> Names => _texts.AsSpan(0, Volatile.Read(ref _count));

    public int Of(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        var segment = FirstOf(path);
        var length = method.Length + 1 + segment.Length;
        if (length > Limits.RouteName) return Other;
        Span<byte> name = stackalloc byte[Limits.RouteName];
        method.CopyTo(name);
        name[method.Length] = (byte)' ';
        segment.CopyTo(name[(method.Length + 1)..]);
        name = name[..length];

        var at = (int)(HashOf(name) % Slots);
        while (_names[at] is { } known)
        {
            if (name.SequenceEqual(known)) return _numbers[at];
            at = (at + 1) % Slots;
        }

        return _count == Limits.Routes ? Other : Add(at, name.ToArray());
    }

    public static string NameOf(string method, string path) =>
        $"{method} {Encoding.ASCII.GetString(FirstOf(Encoding.ASCII.GetBytes(path)))}";

    /// <summary>With its slash; the whole of what has no second one.</summary>
    static ReadOnlySpan<byte> FirstOf(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty) return path;
        var next = path[1..].IndexOf((byte)'/');
        return next < 0 ? path : path[..(next + 1)];
    }

    int Add(int at, byte[] name)
    {
        var number = _count;
        (_names[at], _numbers[at], _texts[number]) = (name, number, Encoding.Latin1.GetString(name));
        Volatile.Write(ref _count, number + 1);
        return number;
    }

    static uint HashOf(ReadOnlySpan<byte> name)
    {
        var hash = 2166136261u;
        foreach (var letter in name) hash = (hash ^ letter) * 16777619;
        return hash ^ (hash >> 15);
    }
}

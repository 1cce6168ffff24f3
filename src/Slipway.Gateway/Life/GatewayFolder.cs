using System.Net.Sockets;
using System.Text;

namespace Slipway.Gateway.Life;

/// <summary>The files of one gateway: whoever has the folder can order it about, or take its place.</summary>
public sealed record GatewayFolder(string Path)
{
    /// <summary>The system gives 107 letters to the path of a socket; the longest name of one here has 13.</summary>
    const int LongestPath = 107 - 1 - 13;

    public string Secret => At("gateway.secret");
    public string State => At("sites");
    public string Control => At("gateway.sock");

    /// <summary>Where the next process of this gateway asks for the sockets.</summary>
    public string Succession => At("gateway.next");

    /// <summary>Where one whose place was taken is told of orders, until it ends: its own, since several may.</summary>
    public string ForHeir() => At($"heir.{Guid.NewGuid().ToString("n")[..8]}");

    /// <summary>Of all whose place was taken, or is about to be; also of some that are gone.</summary>
    public IEnumerable<string> ForHeirs => Directory.EnumerateFiles(Path, "heir.*");

    /// <summary>Where a gateway that starts asks for the sockets of one that has died.</summary>
    public string Kept => At("gateway.kept");

    /// <summary>Why no gateway can have its sockets there; null when one can.</summary>
    public string? Problem => Encoding.UTF8.GetByteCount(Path) is var length && length > LongestPath
        ? $"{Path} is too long for the sockets in it: {length} letters, and the system takes {LongestPath}. "
            + "Name a shorter folder with --data."
        : null;

    /// <summary>The process that takes orders there; null when none does.</summary>
    public int? Process()
    {
        using var door = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            door.Connect(new UnixDomainSocketEndPoint(Control));
            return Life.Succession.ProcessOf(door);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    string At(string name) => System.IO.Path.Combine(Path, name);
}

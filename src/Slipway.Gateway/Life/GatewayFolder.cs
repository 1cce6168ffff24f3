namespace Slipway.Gateway.Life;

/// <summary>The files of one gateway: whoever has the folder can order it about, or take its place.</summary>
public sealed record GatewayFolder(string Path)
{
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

    string At(string name) => System.IO.Path.Combine(Path, name);
}

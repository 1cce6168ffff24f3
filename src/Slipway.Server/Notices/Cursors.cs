using System.Security.Cryptography;
using System.Text;
using Slipway.Adapters.Files;
using Slipway.Specification;

namespace Slipway.Notices;

/// <summary>
/// How far each target of a service has been told: a file for each, named by a digest since an address is a secret.
/// </summary>
sealed class Cursors(string data)
{
    readonly string _folder = Directory.CreateDirectory(Path.Combine(data, "notices")).FullName;

    sealed record Kept(long Told);

    /// <summary>Null of a target that is new.</summary>
    public long? Of(string service, NotifySpec target) => JsonFile.Read<Kept>(FileOf(service, target))?.Told;

    public void Set(string service, NotifySpec target, long told) =>
        JsonFile.Write(FileOf(service, target), new Kept(told));

    /// <summary>One that is told other things, or in other words, is another one.</summary>
    string FileOf(string service, NotifySpec target)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{target}"));
        return Path.Combine(_folder, $"{service}-{Convert.ToHexStringLower(digest)[..16]}.json");
    }
}

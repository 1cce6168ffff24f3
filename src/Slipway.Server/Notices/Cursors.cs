using System.Security.Cryptography;
using System.Text;
using Slipway.Adapters.Files;
using Slipway.Specification;

namespace Slipway.Notices;

/// <summary>
/// Who is told: of a service, by its address. In which words, and of what, may change meanwhile.
/// </summary>
/// <param name="Place">Among those of the same address.</param>
readonly record struct Recipient(string Service, NotifyKind Kind, string Address, int Place)
{
    /// <summary>Whoever a slipway.yaml names, each with what it says of it.</summary>
    public static IEnumerable<(Recipient Who, NotifySpec Target)> Of(string service, IEnumerable<NotifySpec> targets) =>
        targets.Distinct().GroupBy(target => (target.Kind, target.Target)).SelectMany(same => same.Select((target, i) =>
            (new Recipient(service, target.Kind, target.Target, i), target)));
}

/// <summary>
/// How far each recipient has been told: a file for each, named by a digest since an address is a secret.
/// </summary>
sealed class Cursors(string data)
{
    readonly string _folder = Directory.CreateDirectory(Path.Combine(data, "notices")).FullName;

    sealed record Kept(long Told);

    /// <summary>Null of one that is new.</summary>
    public long? Of(Recipient who, NotifySpec target)
    {
        // Once it was kept under all that is said of a target.
        var (file, old) = (FileOf(who), FileOf(who.Service, $"{target}"));
        if (!File.Exists(file) && File.Exists(old)) File.Move(old, file);
        return JsonFile.Read<Kept>(file)?.Told;
    }

    public void Set(Recipient who, long told) => JsonFile.Write(FileOf(who), new Kept(told));

    /// <summary>One that is named anew hears of what comes, not of what was.</summary>
    public void Forget(Recipient who) => File.Delete(FileOf(who));

    string FileOf(Recipient who) => FileOf(who.Service, $"{who.Kind} {who.Place} {who.Address}");

    string FileOf(string service, string who)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(who));
        return Path.Combine(_folder, $"{service}-{Convert.ToHexStringLower(digest)[..16]}.json");
    }
}

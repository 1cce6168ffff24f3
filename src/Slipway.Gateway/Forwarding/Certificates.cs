using Slipway.Gateway.Routing;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// The certificates of a door, each read anew when its files have changed. A file that cannot be read leaves the
/// certificate in place that was there before; whoever runs the gateway is told of it, once.
/// </summary>
sealed class Certificates(Door door, Action<string> tell)
{
    readonly ServerNames _names = new();
    readonly Lock _gate = new();
    Dictionary<Files, (Stamp Stamp, TlsContext Context)> _read = [];

    record struct Files(string Certificate, string Key);

    readonly record struct Stamp(DateTime Certificate, long CertificateLength, DateTime Key, long KeyLength);

    /// <summary>Nothing is served in clear text where a site has a certificate.</summary>
    public bool IsSecure { get; private set; }

    /// <summary>Null while there is none that can be read.</summary>
    public TlsContext? Default => _names.Default;

    /// <summary>What is wrong with the files, in words for people.</summary>
    public IReadOnlyList<string> Troubles { get; private set; } = [];

    /// <summary>Looks at the sites and at their files.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            // The first one is for those who ask for no known name: it must not depend on what was put first.
            var sites = door.Sites.Where(site => site.Options.Certificate is not null)
                .OrderBy(site => site.Options.Hosts.Count > 0).ThenBy(site => site.Name, StringComparer.Ordinal)
                .ToList();
            IsSecure = sites.Count > 0;
            foreach (var open in door.Sites.Except(sites)) open.CertificateTrouble = null;
            _names.OffersHttp2 = door.TakesHttp2(secure: true);
            var read = new Dictionary<Files, (Stamp, TlsContext)>();
            var troubles = new Dictionary<Files, string>();
            var names = new List<(string, TlsContext)>();
            foreach (var site in sites)
            {
                var options = site.Options;
                var files = new Files(options.Certificate!, options.Key ?? options.Certificate!);
                if (!read.TryGetValue(files, out var found) && Read(files, troubles) is { } fresh)
                    read.Add(files, found = fresh);
                site.CertificateTrouble = troubles.GetValueOrDefault(files);
                site.LacksCertificate = found.Item2 is null;
                if (found.Item2 is null) continue;
                names.AddRange(options.Hosts.DefaultIfEmpty("").Select(host => (host, found.Item2)));
            }

            _names.Put(names);
            _read = read;
            Tell([.. troubles.Values.Order(StringComparer.Ordinal)]);
        }
    }

    void Tell(List<string> troubles)
    {
        foreach (var begun in troubles.Except(Troubles)) tell(begun);
        if (troubles.Count == 0 && Troubles.Count > 0) tell($"the certificates of {door.Listen} are well again");
        Troubles = troubles;
    }

    (Stamp, TlsContext)? Read(Files files, Dictionary<Files, string> troubles)
    {
        var before = _read.TryGetValue(files, out var known) ? known : default((Stamp, TlsContext)?);
        try
        {
            var stamp = StampOf(files);
            return before is { } same && same.Item1 == stamp
                ? before
                : (stamp, new TlsContext(files.Certificate, files.Key, _names));
        }
        catch (IOException trouble)
        {
            var why = CertificateFiles.Problem(files.Certificate, files.Key)?.What ?? trouble.Message;
            troubles[files] = $"{why}: {(before is null
                ? $"nobody can be served at {door.Listen} with it"
                : $"at {door.Listen} the certificate from before is served still")}";
            return before;
        }
    }

    static Stamp StampOf(Files files)
    {
        var (certificate, key) = (Behind(files.Certificate), Behind(files.Key));
        return new(certificate.LastWriteTimeUtc, certificate.Exists ? certificate.Length : -1, key.LastWriteTimeUtc,
            key.Exists ? key.Length : -1);
    }

    /// <summary>What is renewed is often the file behind a link, or a folder on the way to it.</summary>
    static FileInfo Behind(string path) => new(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
}

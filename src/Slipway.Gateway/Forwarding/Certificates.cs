using Slipway.Gateway.Routing;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// The certificates of a door, each read anew when its files have changed. A file that cannot be read leaves the
/// certificate in place that was there before.
/// </summary>
sealed class Certificates(Door door)
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
            var sites = door.Sites.Where(site => site.Options.Certificate is not null).ToList();
            IsSecure = sites.Count > 0;
            _names.OffersHttp2 = door.TakesHttp2(secure: true);
            var read = new Dictionary<Files, (Stamp, TlsContext)>();
            var troubles = new List<string>();
            var names = new List<(string, TlsContext)>();
            foreach (var options in sites.Select(site => site.Options))
            {
                var files = new Files(options.Certificate!, options.Key ?? options.Certificate!);
                if (!read.TryGetValue(files, out var found))
                {
                    if (Read(files, troubles) is not { } fresh) continue;
                    read.Add(files, found = fresh);
                }

                names.AddRange(options.Hosts.DefaultIfEmpty("").Select(host => (host, found.Item2)));
            }

            _names.Put(names);
            (_read, Troubles) = (read, troubles);
        }
    }

    (Stamp, TlsContext)? Read(Files files, List<string> troubles)
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
            troubles.Add(trouble.Message);
            return before;
        }
    }

    static Stamp StampOf(Files files)
    {
        var (certificate, key) = (new FileInfo(files.Certificate), new FileInfo(files.Key));
        return new(certificate.LastWriteTimeUtc, certificate.Exists ? certificate.Length : -1, key.LastWriteTimeUtc,
            key.Exists ? key.Length : -1);
    }
}

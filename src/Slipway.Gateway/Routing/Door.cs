using System.Globalization;
using System.Net;
using System.Text;
using Slipway.Gateway.Http;
using Slipway.Specification;

namespace Slipway.Gateway.Routing;

/// <summary>
/// An address that is listened on, and the sites behind it. Of these the request's host decides, then the path: an
/// exact name goes before <c>*.example.com</c>, the longer of two such before the shorter, any of them before a site
/// for every host; among sites of the same host the longest path wins. Where no path fits, the next less exact host
/// is tried.
/// </summary>
public sealed class Door(string listen)
{
    volatile Map _map = new([]);

    /// <summary>As it was when somebody was behind it; see <see cref="Find"/>.</summary>
    volatile Map _before = new([]);

    public string Listen => listen;

    /// <summary>Why nobody can come in by it; null when all is well.</summary>
    public string? Trouble { get; internal set; }

    /// <summary>Nobody is behind it: it need not be listened on.</summary>
    public bool IsEmpty => _map.Sites.Length == 0;

    public IReadOnlyList<Site> Sites => _map.Sites;

    /// <summary>
    /// Behind a door that nobody is behind any more those are found who were there last: whoever has come in by it goes
    /// on until he has been told to come anew.
    /// </summary>
    public Site? Find(RequestHead head) => !IsEmpty ? _map.Find(head.Host, head.RoutedPath)
        : _before.Find(head.Host, head.RoutedPath) is { IsRemoved: false } site ? site : null;

    /// <summary>A connection may bring requests for all sites, so all of them have to want it.</summary>
    internal bool TakesHttp2(bool secure) => _map.TakesHttp2(secure);

    /// <exception cref="FormatException">It is no address with a port.</exception>
    internal static IPEndPoint PointOf(string listen)
    {
        var colon = listen.LastIndexOf(':');
        var host = colon < 0 ? "" : listen[..colon].Trim('[', ']');
        if (!ushort.TryParse(listen.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port == 0)
            throw new FormatException($"'{listen}' has no port from 1 to 65535: write it like 127.0.0.1:8080.");
        return new(host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" or "" => IPAddress.Any,
            _ => IPAddress.Parse(host),
        }, port);
    }

    internal void Put(IEnumerable<Site> sites)
    {
        if (!IsEmpty) _before = _map;
        _map = new([.. sites]);
    }

    sealed class Map
    {
        readonly Dictionary<byte[], Entry[]>.AlternateLookup<ReadOnlySpan<byte>> _exact;
        readonly (byte[] Suffix, Entry[] Entries)[] _suffixes;
        readonly Entry[] _any;

        public Map(Site[] sites)
        {
            Sites = sites;
            var named = sites.SelectMany(site => site.Options.Hosts.Select(host => (host, site))).ToList();
            _exact = named.Where(pair => !pair.host.StartsWith("*.", StringComparison.Ordinal))
                .GroupBy(pair => pair.host, pair => pair.site, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(group => Bytes(group.Key), Entry.Of, HostBytes.Comparer)
                .GetAlternateLookup<ReadOnlySpan<byte>>();
            _suffixes = [.. named.Where(pair => pair.host.StartsWith("*.", StringComparison.Ordinal))
                .GroupBy(pair => pair.host[1..], pair => pair.site, StringComparer.OrdinalIgnoreCase)
                .OrderByDescending(group => group.Key.Length)
                .Select(group => (Bytes(group.Key), Entry.Of(group)))];
            _any = Entry.Of(sites.Where(site => site.Options.Hosts.Count == 0));
        }

        public Site[] Sites { get; }

        public bool TakesHttp2(bool secure)
        {
            foreach (var site in Sites)
                if (site.Options.Http2 == Http2Use.Off || (site.Options.Http2 == Http2Use.Tls && !secure)) return false;
            return true;
        }

        public Site? Find(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
        {
            if (_exact.Dictionary.Count > 0 && _exact.TryGetValue(host, out var entries)
                && Longest(entries, path) is { } exact) return exact;
            foreach (var (suffix, under) in _suffixes)
                if (host.Length > suffix.Length && Ascii.EqualsIgnoreCase(host[^suffix.Length..], suffix)
                    && Longest(under, path) is { } found) return found;
            return Longest(_any, path);
        }

        static Site? Longest(Entry[] entries, ReadOnlySpan<byte> path)
        {
            foreach (var entry in entries)
                if (entry.Takes(path)) return entry.Site;
            return null;
        }

        static byte[] Bytes(string host) => Encoding.ASCII.GetBytes(host);
    }

    /// <summary>A site under the beginning of its paths, without a slash at its end.</summary>
    readonly record struct Entry(byte[] Path, Site Site)
    {
        public static Entry[] Of(IEnumerable<Site> sites) =>
            [.. sites.Select(site => (Path: Encoding.UTF8.GetBytes(site.Options.Path.TrimEnd('/')), Site: site))
                .Select(one => new Entry(RoutedPath.Of(one.Path), one.Site))
                .OrderByDescending(entry => entry.Path.Length)];

        public bool Takes(ReadOnlySpan<byte> path) =>
            path.StartsWith(Path) && (path.Length == Path.Length || Path.Length == 0 || path[Path.Length] == '/');
    }

    /// <summary>Names of hosts are the same whatever their case.</summary>
    sealed class HostBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly HostBytes Comparer = new();

        public bool Equals(byte[]? x, byte[]? y) => Ascii.EqualsIgnoreCase(x, y);
        public int GetHashCode(byte[] host) => GetHashCode((ReadOnlySpan<byte>)host);
        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => Ascii.EqualsIgnoreCase(alternate, other);
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public int GetHashCode(ReadOnlySpan<byte> host)
        {
            var hash = 2166136261u;
            foreach (var letter in host) hash = (hash ^ (uint)(letter | 0x20)) * 16777619;
            return (int)hash;
        }
    }
}

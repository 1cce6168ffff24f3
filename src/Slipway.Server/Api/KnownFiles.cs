using System.Collections.Concurrent;
using Slipway.ServiceFile;

namespace Slipway.Api;

/// <summary>
/// The files that services were registered from in this life, so that what turns out later can name a line. The journal
/// keeps what they say, and not where.
/// </summary>
public sealed class KnownFiles
{
    readonly ConcurrentDictionary<string, SlipwayFile> _files = new(StringComparer.Ordinal);

    public void Remember(string service, SlipwayFile file) => _files[service] = file;

    /// <summary>"slipway.yaml:12: " before what is to be said, or nothing where nobody knows.</summary>
    public string Of(string service, string metric) => Of(service, file => file.GateOn(metric));

    /// <summary>The same before what is to be said of a key.</summary>
    public string OfKey(string service, params string[] path) => Of(service, file => file.KeyAt(path));

    string Of(string service, Func<SlipwayFile, At?> find) =>
        _files.TryGetValue(service, out var file) && find(file) is { } at ? $"{file.Path}:{at.Line}: " : "";
}

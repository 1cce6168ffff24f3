using System.Text.RegularExpressions;
using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static partial class TrafficKeys
{
    static readonly Shape<string> Listen = new ScalarShape<string>("an address and a port, like 127.0.0.1:8080",
        """{ "type": "string", "pattern": ":\\d+$" }""", text =>
        {
            var colon = text.LastIndexOf(':');
            if (colon <= 0 || !int.TryParse(text[(colon + 1)..], out var port))
                return new(null, $"\"{text}\" is not an address with a port",
                    "write it like 127.0.0.1:8080, or 0.0.0.0:8080 for every network");
            if (port is < 1 or > 65_535) return new(null, $"there is no port {port}", "1 to 65535");
            return Address().IsMatch(text[..colon]) ? new(text) : new(null, $"\"{text[..colon]}\" is not an address");
        });

    static readonly Shape<string> Host = new ScalarShape<string>("the name of a host, like shop.example.com",
        """{ "type": "string" }""", text => text.Length <= 253 && HostName().IsMatch(text)
            ? new(text)
            : new(null, $"\"{text}\" is not the name of a host", "letters, digits, - and dots; no port, no *"));

    static readonly MapShape<TlsSpec> Tls = new MapShape<TlsSpec>("tls", new("", ""))
        .Must("certificate", Texts.Any, "A file with the certificate and its chain, PEM.",
            (tls, file) => tls with { Certificate = file })
        .Must("key", Texts.Any, "A file with its key, PEM.", (tls, file) => tls with { Key = file });

    static readonly MapShape<AffinitySpec> Affinity = new MapShape<AffinitySpec>("affinity", new(default, ""))
        .Key("cookie", Texts.Any, "Users are told apart by this cookie; the gateway sets it when it is absent.",
            (affinity, name) => affinity with { Key = AffinityKey.Cookie, Name = name })
        .Key("header", Texts.Any, "Users are told apart by this header.",
            (affinity, name) => affinity with { Key = AffinityKey.Header, Name = name })
        .Key("address", new NothingShape(), "Users are told apart by their address, which many may share.",
            (affinity, _) => affinity with { Key = AffinityKey.Address, Name = "" })
        .ExactlyOne("cookie", "header", "address")
        .Key("ttl", Durations.Some, "How long the cookie lasts.",
            (affinity, time) => affinity with { Ttl = time }, "3h")
        .Key("to", Choices.Of<AffinityTo>(), "What a user stays on; instance is for apps with sessions in memory.",
            (affinity, to) => affinity with { To = to }, "version");

    static readonly MapShape<TimeoutsSpec> Timeouts = new MapShape<TimeoutsSpec>("timeouts", new())
        .Key("answer", Durations.Some, "How long an instance may take to begin its answer, before it is a 504.",
            (timeouts, time) => timeouts with { Answer = time }, "1m")
        .Key("idle", Durations.Some, "How long nothing may come of a body, in either direction; streams may be silent.",
            (timeouts, time) => timeouts with { Idle = time }, "30s")
        .Key("total", Durations.Some, "How long a request may take as a whole; as long as it wants when not given.",
            (timeouts, time) => timeouts with { Total = time });

    public static readonly MapShape<TrafficSpec> Traffic = new MapShape<TrafficSpec>("traffic", new())
        .Key("listen", Listen, "Where the gateway listens. Without it traffic comes in another way.",
            (traffic, address) => traffic with { Listen = address })
        .Key("hosts", Lists.OneOrMore(Host), "The names that requests ask for; none means all.",
            (traffic, hosts) => traffic with { Hosts = hosts }, "[]")
        .Key("path", Texts.UrlPath, "What the paths begin with.", (traffic, path) => traffic with { Path = path }, "/")
        .Key("tls", Tls, "Serves HTTPS.", (traffic, tls) => traffic with { Tls = tls })
        .Key("http2", Choices.Of<Http2Use>(),
            "Where HTTP/2 is spoken beside HTTP/1.1: over TLS, always (in clear text too), or not.",
            (traffic, use) => traffic with { Http2 = use }, "tls")
        .Key("affinity", Affinity, "Keeps a user on the same side. Without it every request is drawn by itself.",
            (traffic, affinity) => traffic with { Affinity = affinity })
        .Key("drain", Durations.Any, "How long requests may take to finish on an instance that is to stop.",
            (traffic, time) => traffic with { Drain = time }, "30s")
        .Key("hold", Durations.Any, "How long a request waits when nobody is ready, before it is refused.",
            (traffic, time) => traffic with { Hold = time }, "30s")
        .Key("timeouts", Timeouts, "How long a request may take.",
            (traffic, timeouts) => traffic with { Timeouts = timeouts })
        .Key("versionHeader", Numbers.YesNo, "Whether answers say which version gave them.",
            (traffic, yes) => traffic with { VersionHeader = yes }, "false");

    [GeneratedRegex(@"^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])$")]
    private static partial Regex Address();

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$",
        RegexOptions.NonBacktracking)]
    private static partial Regex HostName();
}

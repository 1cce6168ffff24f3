using System.Text;

namespace Slipway.Gateway.Http;

/// <summary>The head of a request.</summary>
public sealed class RequestHead : Head
{
    const int AsSent = -1;

    Slice _method, _path, _query, _host;
    byte[] _routes = [];

    /// <summary>The length of the routed path; zero until somebody asks.</summary>
    int _routed;

    public ReadOnlySpan<byte> Method => At(_method);

    /// <summary>As sent, up to the question mark.</summary>
    public ReadOnlySpan<byte> Path => _path.Length == 0 ? "/"u8 : At(_path);

    /// <summary>What rules and prefixes are compared with; see <see cref="Http.RoutedPath"/>.</summary>
    internal ReadOnlySpan<byte> RoutedPath
    {
        get
        {
            if (_routed == 0)
            {
                if (_routes.Length < Path.Length) _routes = new byte[Math.Max(256, Path.Length)];
                _routed = Http.RoutedPath.IsPlain(Path) ? AsSent : Http.RoutedPath.Write(Path, _routes);
            }

            return _routed == AsSent ? Path : _routes.AsSpan(0, _routed);
        }
    }

    /// <summary>Without its question mark; empty when there is none.</summary>
    public ReadOnlySpan<byte> Query => At(_query);

    /// <summary>Without its port, as sent.</summary>
    public ReadOnlySpan<byte> Host => At(_host);

    /// <summary>With its port, as sent; empty when an old client told none.</summary>
    internal ReadOnlySpan<byte> Authority => At(AuthoritySlice);

    /// <summary>The query with its question mark, which may stand alone.</summary>
    internal ReadOnlySpan<byte> QueryWithMark => At(_queryWithMark);

    internal Slice AuthoritySlice { get; set; }
    Slice _queryWithMark;

    internal bool IsHead => Method.SequenceEqual("HEAD"u8);
    internal bool IsConnect => Method.SequenceEqual("CONNECT"u8);

    /// <summary>Its body comes once it is wanted; one of version 1.0 cannot mean that (RFC 9110 10.1.1).</summary>
    internal bool WaitsForWord =>
        Has(Known.Expect) && !IsOld && Ascii.EqualsIgnoreCase(Get(Known.Expect), "100-continue"u8);

    /// <summary>Asking twice does nothing more than asking once (RFC 9110 9.2.2).</summary>
    internal bool IsIdempotent => Method.Length switch
    {
        3 => Method.SequenceEqual("GET"u8) || Method.SequenceEqual("PUT"u8),
        4 => Method.SequenceEqual("HEAD"u8),
        6 => Method.SequenceEqual("DELETE"u8),
        7 => Method.SequenceEqual("OPTIONS"u8),
        _ => false,
    };

    internal void Begin(byte[] bytes, int start)
    {
        Clear(bytes, start);
        _routed = 0;
        (_method, _path, _query, _queryWithMark, _host, AuthoritySlice) = (default, default, default, default, default,
            default);
    }

    internal void Begin(byte[] bytes, Slice method, Slice path, Slice query)
    {
        Begin(bytes, method.Start);
        Ask(method, path, query);
    }

    internal void Ask(Slice method, Slice path, Slice query)
    {
        (_method, _path, _query, _routed) = (method, path, query, 0);
        _queryWithMark = query.Start == 0 ? default : new(query.Start - 1, query.Length + 1);
    }

    internal void For(Slice host) => _host = host;
}

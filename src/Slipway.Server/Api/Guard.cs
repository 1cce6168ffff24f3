using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Approvals;

namespace Slipway.Api;

/// <summary>
/// Without a token only this machine is served, and of its browsers only our own pages: a foreign page may send
/// requests to loopback, but it cannot hide where it is from.
/// </summary>
sealed class Guard(string? token)
{
    readonly byte[]? _token = token is null ? null : Encoding.UTF8.GetBytes(token);

    public Task Check(HttpContext context, RequestDelegate next) => Problem(context) is { } problem
        ? problem.ExecuteAsync(context)
        : next(context);

    IResult? Problem(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Origin is { Count: > 0 } from && !(from is [{ } origin] && IsOwn(origin, request.Host)))
            return Answers.No(StatusCodes.Status403Forbidden, $"pages of {from} may not ask this control plane");
        // A link brings its own signature, wherever it is opened.
        if (request.Path.StartsWithSegments(ApprovalLinks.Path)) return null;
        if (_token is not null)
            return HasToken(request) ? null : Answers.No(StatusCodes.Status401Unauthorized,
                "this control plane wants a token", "Send it as Authorization: Bearer …, or set SLIPWAY_TOKEN.");
        if (context.Connection.RemoteIpAddress is not { } peer || !IsLoopback(peer))
            return Answers.No(StatusCodes.Status403Forbidden, "this control plane is asked by its own machine only",
                "Ask it there, or start it with a token.");
        return IsLoopback(request.Host.Host) ? null : Answers.No(StatusCodes.Status403Forbidden,
            $"this control plane is not called \"{request.Host.Host}\"", "Ask 127.0.0.1, or start it with a token.");
    }

    bool HasToken(HttpRequest request) =>
        request.Headers.Authorization is [{ } said] && said.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(said[7..].Trim()), _token);

    static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && string.Equals(from.Authority, host.Value, StringComparison.OrdinalIgnoreCase);

    static bool IsLoopback(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IsLoopback(address));

    static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}

using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Releases;
using Slipway.Running;
using Limits = Slipway.Gateway.Routing.Limits;

namespace Slipway.Gateway.Control;

/// <summary>Where control listens: the path of a Unix socket, or a port on the loopback for the rest.</summary>
public sealed record ControlAddress(string? Socket, int Port = 0)
{
    /// <summary>Who is told everything too; null when nobody ran here before.</summary>
    public Elder? Elder { get; init; }
}

/// <summary>
/// The gateway's own door for the control plane: HTTP and JSON over a Unix socket or the loopback. Whoever shows the
/// secret may order; every order can be repeated.
/// </summary>
public sealed class Control : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Sites _sites;
    readonly Orders _orders;
    readonly Secret _secret;
    readonly Elder? _elder;
    readonly Counters _counters;

    Control(Sites sites, Orders orders, Secret secret, ControlAddress at)
    {
        (_sites, _orders, _secret, _elder, _counters) = (sites, orders, secret, at.Elder, new(sites));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = Limits.ControlBody;
            if (at.Socket is { } socket) kestrel.ListenUnixSocket(socket);
            else kestrel.Listen(IPAddress.Loopback, at.Port);
        });
        _app = builder.Build();
        _app.Use(Guard);
        Map();
    }

    /// <summary>The counts that it answers with.</summary>
    public Counters Counters => _counters;

    /// <summary>On the loopback: the address that it got.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <exception cref="IOException">Somebody else answers at this address, or it cannot be used.</exception>
    public static async Task<Control> Start(
        Sites sites, Orders orders, Secret secret, ControlAddress at, CancellationToken cancel)
    {
        if (at.Socket is { } socket) await Clear(socket, cancel);
        var control = new Control(sites, orders, secret, at);
        try
        {
            await control._app.StartAsync(cancel);
        }
        catch (IOException e) when (at.Socket is not null)
        {
            await control.DisposeAsync();
            throw new IOException($"Another gateway takes {at.Socket} at this moment: once it takes orders, start this "
                + "one again.", e);
        }

        if (at.Socket is { } bound) File.SetUnixFileMode(bound, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return control;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>What a dead gateway has left is taken away; what a living one has is not.</summary>
    static async Task Clear(string path, CancellationToken cancel)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > Limits.SocketPath)
            throw new IOException($"The path of the control socket, {path}, is longer than {Limits.SocketPath} bytes: "
                + "put it into a folder with a shorter name.");
        if (!File.Exists(path)) return;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"Another gateway answers at {path}: stop it, or give this one another folder.");
    }

    async Task Guard(HttpContext context, RequestDelegate next)
    {
        const string scheme = "Bearer ";
        var shown = context.Request.Headers.Authorization.ToString();
        if (!shown.StartsWith(scheme, StringComparison.Ordinal) || !_secret.IsSame(shown[scheme.Length..]))
        {
            await Refuse(context, StatusCodes.Status401Unauthorized,
                new("Show the gateway's secret: Authorization: Bearer, and what its file says."));
            return;
        }

        try
        {
            await next(context);
        }
        catch (OutdatedException e)
        {
            await Refuse(context, StatusCodes.Status409Conflict, new(e.Message, e.Accepted));
        }
        catch (IOException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable, new(e.Message));
        }
        catch (Exception e) when (e is RouteTableException or BadHttpRequestException
            or JsonException or ArgumentException)
        {
            await Refuse(context, StatusCodes.Status400BadRequest, new(e.Message));
        }
    }

    void Map()
    {
        _app.MapPut("/v1/sites/{service}", context =>
            Do<SiteOptions>(context, options => _orders.Put(ServiceOf(context), options)));
        _app.MapDelete("/v1/sites/{service}", context =>
        {
            _orders.Remove(ServiceOf(context));
            return Pass<object>(context, null);
        });
        _app.MapPut("/v1/sites/{service}/table", context =>
            Do<TableOrder>(context, order => _orders.Route(ServiceOf(context), order)));
        _app.MapPut("/v1/sites/{service}/members", context =>
            Do<MembersOrder>(context, order => _orders.Tell(ServiceOf(context), order)));
        _app.MapPost("/v1/sites/{service}/inject", context =>
            Do<InjectOrder>(context, order => _orders.Inject(ServiceOf(context), order)));
        _app.MapPost("/v1/sites/{service}/drain", Drain);
        _app.MapGet("/v1/sites/{service}", context => Say(context, _orders.Look(ServiceOf(context))));
        _app.MapGet("/v1/sites/{service}/stats", context => Say(context, _counters.Read(ServiceOf(context))));
        _app.MapGet("/v1/state", context => Say(context, State()));
        _app.MapGet("/v1/stats", context => Say(context, _counters.Read()));
        _app.MapGet("/metrics", async context =>
        {
            context.Response.ContentType = PrometheusText.ContentType;
            await context.Response.WriteAsync(PrometheusText.Of(_counters.Read()), context.RequestAborted);
        });
    }

    GatewayState State()
    {
        Seq<SiteTrouble> ofSites =
        [
            .. _sites.All.Where(site => site.CertificateTrouble is not null).Select(site =>
                new SiteTrouble(site.Name, site.CertificateTrouble!) { IsServed = !site.LacksCertificate }),
            .. from door in _sites.Doors where door.Trouble is not null
               from site in door.Sites select new SiteTrouble(site.Name, door.Trouble!),
        ];
        var all = ofSites.Select(one => one.What).Prepend(_orders.Trouble).OfType<string>().Distinct().ToList();
        return new(_counters.Epoch, all.Count == 0 ? null : string.Join("; ", all), _orders.States)
        {
            Troubles = ofSites,
        };
    }

    /// <summary>
    /// Answers when it is drained; after a while it answers that it is not, so that nobody waits in vain.
    /// </summary>
    async Task Drain(HttpContext context)
    {
        var order = await Read<DrainOrder>(context);
        if (order.Within is { } within && (within < TimeSpan.Zero || within > Limits.TimeMax))
            throw new RouteTableException($"A drain takes up to {Limits.TimeMax.TotalDays} days, not {within}.");
        var (here, there) = (DrainHere(context, order), DrainThere(context, order));
        try
        {
            var (ours, others) = (await here, await there);
            await Say(context, new DrainAnswer(ours.Drained && others.Drained, ours.UnderWay + others.UnderWay));
        }
        catch (InvalidOperationException e)
        {
            await Refuse(context, StatusCodes.Status409Conflict, new(e.Message));
        }
    }

    Task<DrainAnswer> DrainThere(HttpContext context, DrainOrder order) => _elder is null
        ? Task.FromResult(new DrainAnswer(true, 0))
        : _elder.Drain(context.Request.Path, order, context.RequestAborted);

    async Task<DrainAnswer> DrainHere(HttpContext context, DrainOrder order)
    {
        var service = ServiceOf(context);
        if ((_sites.Find(service) ?? _sites.FindRemoved(service)) is not { } site)
            return new(true, 0);

        using var patience = new CancellationTokenSource(Limits.DrainAnswer, _sites.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            await Draining.Drain(_sites, site, order.Fleet, order.Instance, order.Within, either.Token);
            return new(true, 0);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            var left = site.Book.Everybody(order.Fleet)
                .Where(one => order.Instance is null || one.Member.Instance == order.Instance)
                .Sum(one => one.UnderWay);
            return new(false, left);
        }
    }

    /// <summary>A name that can stand in a metric, a file and a log without being anything else there.</summary>
    static string ServiceOf(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["service"]!;
        return name.Length <= Limits.ServiceName
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? name
            : throw new RouteTableException($"'{name}' is not the name of a service: up to {Limits.ServiceName} "
                + "letters, digits, - _ and dots.");
    }

    async Task Do<T>(HttpContext context, Action<T> obey)
        where T : class
    {
        var order = await Read<T>(context);
        obey(order);
        await Pass(context, order);
    }

    /// <summary>Acknowledged only when it holds everywhere.</summary>
    Task Pass<T>(HttpContext context, T? order)
        where T : class =>
        _elder?.Pass(context.Request.Method, context.Request.Path, order, context.RequestAborted) ?? Task.CompletedTask;

    static async Task<T> Read<T>(HttpContext context)
        where T : class
    {
        T order;
        try
        {
            order = await JsonSerializer.DeserializeAsync<T>(
                context.Request.Body, JournalFormat.Options, context.RequestAborted)
                ?? throw new JsonException("The order is empty.");
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            throw Mistake.In(fault, typeof(T));
        }

        Wholeness.Check(order);
        return order;
    }

    static Task Say<T>(HttpContext context, T answer) =>
        context.Response.WriteAsJsonAsync(answer, JournalFormat.Options, context.RequestAborted);

    static Task Refuse(HttpContext context, int status, Refusal refusal)
    {
        context.Response.StatusCode = status;
        return Say(context, refusal);
    }
}

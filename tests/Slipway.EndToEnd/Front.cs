using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Adapters.Gateway;
using Slipway.Gateway.Control;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Routing;
using Slipway.Support;

namespace Slipway.EndToEnd;

/// <summary>
/// A gateway with everything that decides: tables, members, counters, control on its socket. Only what moves the bytes
/// is simpler than in the real one: it takes GET requests without a body.
/// </summary>
public sealed class Front : IAsyncDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly WebApplication _app;
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    readonly Sites _sites;
    readonly Orders _orders;
    readonly Lane _lane;
    readonly Lock _laneGate = new();
    Control? _control;
    volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Front()
    {
        var secret = Secret.ReadOrCreate(Place.SecretFile);
        _sites = new(TimeProvider.System, secret.Bytes);
        _orders = new(_sites, new(_folder.File("gateway.json")));
        _lane = _sites.OpenLane();
        _sites.Changed += () =>
            Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(Forward);
        _app.Start();
    }

    public string Listen => _app.Urls.Single()["http://".Length..];
    public GatewayPlace Place => new("front", new(_folder.File("gateway.sock")), _folder.File("gateway.secret"));
    public RouteTable Table => _orders.Look(Shop.Name).Table;

    /// <summary>Takes orders from now on.</summary>
    public async Task Open() => _control ??= await Control.Start(
        _sites, _orders, Secret.Read(Place.SecretFile), Place.Control, CancellationToken.None);

    public long RequestsOf(Fleet fleet) => _control!.Counters.Read().Sites.SelectMany(site => site.Fleets)
        .Where(known => known.Fleet == fleet).Sum(known => known.User.Requests);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_control is not null) await _control.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    async Task Forward(HttpContext context)
    {
        var head = HeadOf(context.Request);
        if (await Claim(head) is not { } claim)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var began = _sites.Time.GetTimestamp();
        var ending = await Answer(context, claim);
        var micros = (long)_sites.Time.GetElapsedTime(began).TotalMicroseconds;
        lock (_laneGate) claim.Record(new(context.Response.StatusCode, ending) { Microseconds = micros });
        claim.Release();
    }

    async Task<Ending> Answer(HttpContext context, Claim claim)
    {
        Instance? instance;
        lock (_laneGate) instance = claim.Pick(null);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        if (instance is null) return Ending.ConnectFailed;
        try
        {
            using var request = new HttpRequestMessage(new(context.Request.Method),
                $"http://{instance.Host}:{instance.Port}{context.Request.Path}");
            using var answer = await _http.SendAsync(request, context.RequestAborted);
            instance.Answered((int)answer.StatusCode);
            context.Response.StatusCode = (int)answer.StatusCode;
            await answer.Content.CopyToAsync(context.Response.Body);
            return Ending.Answered;
        }
        catch (HttpRequestException)
        {
            instance.Failed(Failure.Broken);
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return Ending.Broken;
        }
        finally
        {
            instance.Done();
        }
    }

    /// <summary>Waits while the table says so; null when it was in vain.</summary>
    async Task<Claim?> Claim(RequestHead head)
    {
        while (true)
        {
            var changed = _changed.Task;
            Claim claim;
            lock (_laneGate)
            {
                _lane.Tick();
                if (_sites.Find(head) is not { } site) return null;
                claim = site.Claim(head, default, _lane);
            }

            if (claim.Verdict == Verdict.Forward) return claim;
            if (claim.Verdict == Verdict.Refuse) return null;
            await changed.WaitAsync(claim.HoldAtMost);
        }
    }

    static RequestHead HeadOf(HttpRequest request)
    {
        var (bytes, head) = (new List<byte>(), new RequestHead());
        var (method, path) = (Put(request.Method), Put(request.Path));
        var fields = request.Headers.Select(field => (Put(field.Key), Put(field.Value.ToString()))).ToList();
        head.Begin([.. bytes], method, path, default);
        foreach (var (name, value) in fields) head.Add(name, value);
        return head;

        RequestHead.Slice Put(string text)
        {
            var slice = new RequestHead.Slice(bytes.Count, Encoding.UTF8.GetByteCount(text));
            bytes.AddRange(Encoding.UTF8.GetBytes(text));
            return slice;
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Decisions;
using Slipway.Gates;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.EndToEnd;

/// <summary>
/// Stands in for the gateway: one service, one port, and as much of a route table as these tests need.
/// </summary>
public sealed class Forwarder : IRouter, IMetrics, IAsyncDisposable
{
    readonly WebApplication _app;
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    readonly ConcurrentDictionary<Fleet, Counts> _counts = new();
    readonly ConcurrentDictionary<string, int> _underWay = new(StringComparer.Ordinal);
    readonly DateTimeOffset _began = DateTimeOffset.UtcNow;
    readonly Lock _gate = new();
    readonly Timer _tick;
    volatile SeenTable _table = new(RouteTable.Closed, 0);
    volatile Seq<Member> _members = [];
    volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    sealed class Counts
    {
        public long Requests, Errors, Unanswered;
    }

    public Forwarder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(Forward);
        _app.Start();
        _tick = new Timer(_ => Changed?.Invoke(Place.Metrics), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public string Listen => _app.Urls.Single()["http://".Length..];
    public SeenTable Table => _table;
    public event Action<Place>? Changed;

    public long RequestsOf(Fleet fleet) => _counts.TryGetValue(fleet, out var counts) ? counts.Requests : 0;

    public Task Apply(RouteOrder order, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (order.Since < _table.Since) throw new OutdatedException("the forwarder", order.Since, _table.Since);
            _table = new(order.Table, order.Since);
        }

        Swapped();
        Changed?.Invoke(Place.Routes);
        return Task.CompletedTask;
    }

    public Task<SeenTable> Look(string service, CancellationToken cancel) => Task.FromResult(_table);

    public Task<Totals> Read(MetricsQuery query, CancellationToken cancel) => Task.FromResult(new Totals(
        "forwarder", DateTimeOffset.UtcNow - _began, Of(query.Candidate), query.Stable is { } stable
            ? Of(stable)
            : null));

    /// <summary>Members are swapped as a whole too; whoever holds requests looks again.</summary>
    public void Know(Seq<Member> members)
    {
        _members = members;
        Swapped();
    }

    /// <summary>Over when what was under way to an instance has been answered.</summary>
    public async Task Drained(Member member, CancellationToken cancel)
    {
        while (true)
        {
            var changed = _changed.Task;
            if (!_members.Contains(member) && _underWay.GetValueOrDefault(member.Instance) == 0) return;
            await changed.WaitAsync(cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _tick.DisposeAsync();
        await _app.DisposeAsync();
        _http.Dispose();
    }

    FleetCounts Of(Fleet fleet) =>
        _counts.TryGetValue(fleet, out var counts) ? new(counts.Requests, counts.Errors, counts.Unanswered) : new(0, 0);

    void Swapped() =>
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    async Task Forward(HttpContext context)
    {
        if (await Find(context.Request) is not { } fleet || Pick(fleet) is not { } member)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var counts = _counts.GetOrAdd(fleet, _ => new());
        try
        {
            using var request = new HttpRequestMessage(new(context.Request.Method),
                $"http://{member.Host}:{member.Port}{context.Request.Path}");
            using var answer = await _http.SendAsync(request, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.Headers["Slipway-Fleet"] = fleet.ToString();
            await answer.Content.CopyToAsync(context.Response.Body);
        }
        catch (HttpRequestException)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            Interlocked.Increment(ref counts.Unanswered);
        }
        finally
        {
            Interlocked.Increment(ref counts.Requests);
            if (context.Response.StatusCode >= 500) Interlocked.Increment(ref counts.Errors);
            if (_underWay.AddOrUpdate(member.Instance, 0, (_, count) => count - 1) == 0) Swapped();
        }
    }

    /// <summary>Waits while the table says so.</summary>
    async Task<Fleet?> Find(HttpRequest request)
    {
        while (true)
        {
            var (changed, table) = (_changed.Task, _table.Value);
            var target = table.Rules.FirstOrDefault(rule => rule.When.All.All(condition => Holds(condition, request)))
                ?.Target ?? table.Rest;
            if (target is Target.Split split) return Random.Shared.Next(Share.Whole) < split.Share.Basis
                ? split.Other
                : split.Main;
            if (target is not Target.Hold hold) return null;
            await changed.WaitAsync(hold.AtMost);
        }
    }

    static bool Holds(Condition condition, HttpRequest request) =>
        condition is { Subject: Subject.Header, Comparison: Comparison.In }
        && condition.Values.Contains(request.Headers[condition.Name].ToString());

    /// <summary>The count goes up before the look at the members, so that a drain never misses a request.</summary>
    Member? Pick(Fleet fleet)
    {
        while (true)
        {
            var members = _members.Where(member => member.Fleet == fleet).ToList();
            if (members.Count == 0) return null;
            var member = members[Random.Shared.Next(members.Count)];
            _underWay.AddOrUpdate(member.Instance, 1, (_, count) => count + 1);
            if (_members.Contains(member)) return member;
            if (_underWay.AddOrUpdate(member.Instance, 0, (_, count) => count - 1) == 0) Swapped();
        }
    }
}

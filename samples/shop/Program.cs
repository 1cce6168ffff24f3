// A small shop to release. The file "version" in the folder where it starts says which version it is.
using System.Net.WebSockets;
using Shop;

var behaviour = Behaviour.Of(File.Exists("version") ? File.ReadAllText("version") : "1.0");
var counter = new Counter(behaviour, TimeProvider.System);

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();
app.UseWebSockets();

app.MapGet("/startup", () => "started");
app.MapGet("/health", () => "fine");
app.MapGet("/ready", () => behaviour.IsReady ? Results.Text("ready") : Results.Text("no stock list", statusCode: 503));
app.MapGet("/metrics", counter.Metrics);

app.MapGet("/", () => counter.Serve(() => Results.Content($"""
    <!doctype html><title>Shop {behaviour.Version}</title>
    <body style="font:2em sans-serif;color:white;background:{behaviour.Colour}"><h1>Shop {behaviour.Version}</h1>
    <p>Tea, 4.20 a tin.</p></body>
    """, "text/html")));
app.MapPost("/checkout", (Order order) => counter.Serve(() => order.Tins is < 1 or > 100
    ? Results.BadRequest("Between 1 and 100 tins")
    : Results.Json(new Receipt(order.Number, order.Tins * 4.20m, behaviour.Version))));
app.MapPost("/upload", async (HttpRequest request, CancellationToken cancel) =>
{
    var (buffer, all) = (new byte[64 * 1024], 0L);
    while (await request.Body.ReadAsync(buffer, cancel) is > 0 and var read) all += read;
    return $"{all} bytes";
});
app.MapGet("/events", async (HttpResponse response, CancellationToken cancel) =>
{
    response.ContentType = "text/event-stream";
    using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1));
    do await response.WriteAsync($"data: {behaviour.Version}\n\n", cancel);
    while (await pace.WaitForNextTickAsync(cancel));
});
app.Map("/echo", async (HttpContext context) =>
{
    if (!context.WebSockets.IsWebSocketRequest)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return;
    }

    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    var buffer = new byte[4096];
    while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close }
        and var got)
        await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage,
            CancellationToken.None);
    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
});

if (behaviour.CrashesAfter is { } after)
    _ = Task.Delay(after).ContinueWith(_ => Environment.Exit(3), TaskScheduler.Default);
await app.RunAsync();

sealed record Order(string Number, int Tins);

sealed record Receipt(string Number, decimal Total, string Version);

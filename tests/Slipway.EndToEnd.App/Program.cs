// A service to release. Its folder says how it behaves, as the bits of a version would: the file "switches" may hold
// "--fail 50" (of a hundred requests in a row), "--chance 0.1" (per cent of the requests, each by itself),
// "--never-ready", "--crash".
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

string[] switches = File.Exists("switches")
    ? File.ReadAllText("switches").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
    : [];
string? Value(string name) =>
    Array.IndexOf([.. args, .. switches], name) is >= 0 and var at ? ((string[])[.. args, .. switches])[at + 1] : null;

if (switches.Contains("--crash"))
{
    Console.Error.WriteLine("no configuration, no service");
    return 3;
}

var version = Value("--version") ?? "?";
var fails = int.Parse(Value("--fail") ?? "0", CultureInfo.InvariantCulture);
var chance = double.Parse(Value("--chance") ?? "0", CultureInfo.InvariantCulture) / 100;
var ready = !switches.Contains("--never-ready");
var requests = 0;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
    kestrel.Listen(IPAddress.Loopback, int.Parse(Value("--port")!, CultureInfo.InvariantCulture)));
var app = builder.Build();
app.UseWebSockets();
app.MapGet("/health", () => "fine");
app.MapGet("/ready", () => ready ? Results.Text("ready") : Results.StatusCode(503));
app.MapGet("/", () => Interlocked.Increment(ref requests) * fails % 100 < fails && fails > 0
    || Random.Shared.NextDouble() < chance
    ? Results.StatusCode(500)
    : Results.Text(version));
app.MapPost("/digest", async context =>
    await context.Response.WriteAsync(Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body))));
app.MapGet("/large", context => context.Response.Body.WriteAsync(new byte[1024 * 1024]).AsTask());
app.MapGet("/events", Events);
app.MapGet("/echo", Echo);
await app.StartAsync();
var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
Console.WriteLine($"{version} listens on {new Uri(address).Port}");
await app.WaitForShutdownAsync();
return 0;

// One number after the other, beginning with the one that is asked for.
static async Task Events(HttpContext context)
{
    context.Response.ContentType = "text/event-stream";
    using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
    for (var next = long.Parse(context.Request.Query["from"]!, CultureInfo.InvariantCulture); ; next++)
    {
        await context.Response.WriteAsync($"data: {next}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await pace.WaitForNextTickAsync(context.RequestAborted);
    }
}

static async Task Echo(HttpContext context)
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    var buffer = new byte[4096];
    while (await socket.ReceiveAsync(buffer, context.RequestAborted) is var heard
        && heard.MessageType != WebSocketMessageType.Close)
        await socket.SendAsync(
            buffer.AsMemory(0, heard.Count), heard.MessageType, heard.EndOfMessage, context.RequestAborted);
    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
}

// A service to release. Its folder says how it behaves, as the bits of a version would: the file "switches" may hold
// "--fail 50" (per cent of the requests), "--never-ready", "--crash".
using System.Globalization;

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
var ready = !switches.Contains("--never-ready");
var requests = 0;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
    kestrel.ListenLocalhost(int.Parse(Value("--port")!, CultureInfo.InvariantCulture)));
var app = builder.Build();
app.MapGet("/health", () => "fine");
app.MapGet("/ready", () => ready ? Results.Text("ready") : Results.StatusCode(503));
app.MapGet("/", () => Interlocked.Increment(ref requests) * fails % 100 < fails && fails > 0
    ? Results.StatusCode(500)
    : Results.Text(version));
Console.WriteLine($"{version} listens");
await app.RunAsync();
return 0;

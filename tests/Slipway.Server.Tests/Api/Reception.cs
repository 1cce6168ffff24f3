using System.Text;
using System.Text.Json;
using Slipway.Client;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Api;

/// <summary>The API of a control plane whose targets obey at once, and somebody who asks it.</summary>
sealed class Reception : IAsyncDisposable
{
    public const string Canary = "canary: { steps: [10, 100], every: 1h }";

    readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(2));
    readonly HttpClient _http = new();

    Reception(Wits wits)
    {
        var world = new ObedientWorld();
        Engine = new(new(Journal, world, world, world, world) { Metrics = world }, TimeProvider.System, _stop.Token)
        {
            Wits = wits,
        };
    }

    public MemoryJournal Journal { get; } = new();
    public Engine Engine { get; }
    public ApiServer Server { get; private set; } = null!;
    public SlipwayClient Client { get; private set; } = null!;
    public List<string> Told { get; } = [];
    public CancellationToken Patience => _stop.Token;
    public Service Shop => Engine.Find("shop")!.Service;

    public static async Task<Reception> Open(Func<ApiScene, ApiScene>? change = null, Wits? wits = null)
    {
        var made = new Reception(wits ?? new());
        await made.Engine.Start();
        var scene = new ApiScene(made.Engine, made.Journal) { Instances = _ => [], Tell = made.Told.Add };
        made.Server = await ApiServer.Start(change?.Invoke(scene) ?? scene, "127.0.0.1:0", made.Patience);
        made.Client = SlipwayClient.For(new(made.Server.Url));
        return made;
    }

    public static string Yaml(string strategy = Canary, string more = "", string listen = "127.0.0.1:8080") => $$"""
        service: shop
        runtime: { process: { command: "./shop {port}" } }
        strategy: { {{strategy}} }
        traffic: { listen: {{listen}} }
        {{more}}
        """;

    public Task Register(string? yaml = null, string name = "shop") =>
        Client.Register(name, new("slipway.yaml", yaml ?? Yaml(), "/"), Patience);

    /// <summary>Registered, with this version serving.</summary>
    public async Task Live(string version = "1.0")
    {
        await Register();
        await Deploy(version);
    }

    /// <summary>Released to its end.</summary>
    public async Task Deploy(string version)
    {
        await Client.Deploy("shop", new(version), $"{Guid.NewGuid():N}", Patience);
        // A short wait ends by itself, perhaps before anybody has promoted it.
        await Until(runner => runner.Service is { Run: null or { Step: Plans.Step.Wait { For.TotalMinutes: > 1 } } });
        if (Shop.Run is not null) await Client.Command("shop", "promote", new() { Full = true }, "", Patience);
        await Until(runner => runner.Service is { Run: null, Stable: not null });
    }

    /// <summary>What is answered: its status, and the problem that it is, if it is one.</summary>
    public async Task<(int Status, ApiProblem? Problem, string Text)> Ask(
        string method, string path, string? body = null, string? type = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), Server.Url + path);
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type is not null) (request.Content ??= new ByteArrayContent([])).Headers.ContentType = new(type);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _http.SendAsync(request, Patience);
        var text = await answer.Content.ReadAsStringAsync(Patience);
        var isProblem = text.Length > 0 && answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        return ((int)answer.StatusCode,
            isProblem ? JsonSerializer.Deserialize(text, ContractsJson.Default.ApiProblem) : null, text);
    }

    public Task<(int Status, ApiProblem? Problem, string Text)> Post(
        string path, string body, params (string Name, string Value)[] headers) =>
        Ask("POST", path, body, "application/json", headers);

    public Task Until(Func<Runner, bool> fact) => Engine.Until("shop", fact, Patience);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        Client.Dispose();
        await Server.DisposeAsync();
        await _stop.CancelAsync();
        Engine.Dispose();
        _stop.Dispose();
    }
}

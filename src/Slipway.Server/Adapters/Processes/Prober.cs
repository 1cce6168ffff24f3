using System.Net.Sockets;
using System.Text.Json;
using Slipway.Adapters.Commands;
using Slipway.Health;
using Slipway.Specification;

namespace Slipway.Adapters.Processes;

/// <summary>Asks an instance how it is, at the very address that requests will go to.</summary>
sealed class Prober : IDisposable
{
    public const string Host = "127.0.0.1";

    readonly TimeProvider _time;
    readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        MaxResponseContentBufferSize = Limits.ProbeBodyMax, Timeout = Timeout.InfiniteTimeSpan,
    };

    public Prober(TimeProvider time)
    {
        _time = time;
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("slipway-probe");
    }

    /// <summary>Never throws: whatever goes wrong is a bad answer.</summary>
    public async Task<ProbeResult> Ask(ProbeKind kind, ProbeSpec probe, Launch launch, int port)
    {
        using var expiry = new CancellationTokenSource(probe.Timeout, _time);
        try
        {
            return probe.Way switch
            {
                ProbeWay.Http http => await Ask(kind, http, port, expiry.Token),
                ProbeWay.Run run => await Ask(kind, run, launch, expiry.Token),
                _ => await Connect(kind, port, expiry.Token),
            };
        }
        catch (OperationCanceledException)
        {
            return Bad(kind, $"no answer within {probe.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e)
        {
            return Bad(kind, e.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    async Task<ProbeResult> Ask(ProbeKind kind, ProbeWay.Http http, int port, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(new Uri($"http://{Host}:{port}{http.Path}"), cancel);
        var body = await answer.Content.ReadAsStringAsync(cancel);
        if (!http.Expect.Contains((int)answer.StatusCode))
            return Bad(kind, $"{http.Path} answered {(int)answer.StatusCode}");
        if (http.Body is { } text && !body.Contains(text, StringComparison.Ordinal))
            return Bad(kind, $"the body of {http.Path} does not contain \"{text}\"");
        return IsDegraded(body)
            ? new(kind, ProbeAnswer.Degraded, "the app says that it is degraded")
            : new(kind, ProbeAnswer.Good);
    }

    static async Task<ProbeResult> Ask(ProbeKind kind, ProbeWay.Run run, Launch launch, CancellationToken cancel)
    {
        var command = new Command(run.Command, launch.Directory)
        {
            Environment = launch.Environment.Where(setting => setting.Name != Session.Marker)
                .Select(setting => KeyValuePair.Create(setting.Name, setting.Value)),
        };
        var end = await command.Run(cancel);
        return end.Code == 0
            ? new(kind, ProbeAnswer.Good)
            : Bad(kind, $"{run.Command[0]} ended with exit code {end.Code}");
    }

    static async Task<ProbeResult> Connect(ProbeKind kind, int port, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Host, port, cancel);
        return new(kind, ProbeAnswer.Good);
    }

    /// <summary>As health checks of the usual kinds say it: a bare word, or a status in a JSON object.</summary>
    static bool IsDegraded(string body)
    {
        const string degraded = "degraded";
        if (body.Trim().Equals(degraded, StringComparison.OrdinalIgnoreCase)) return true;
        if (!body.StartsWith('{')) return false;
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.EnumerateObject().Any(property =>
                property.Name.Equals("status", StringComparison.OrdinalIgnoreCase)
                && property.Value.ValueKind == JsonValueKind.String
                && degraded.Equals(property.Value.GetString(), StringComparison.OrdinalIgnoreCase));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static ProbeResult Bad(ProbeKind kind, string text) => new(kind, ProbeAnswer.Bad, text);
}

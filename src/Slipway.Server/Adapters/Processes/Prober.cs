using System.Net.Sockets;
using Slipway.Adapters.Commands;
using Slipway.Adapters.Processes.Logs;
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
        MaxResponseContentBufferSize = Limits.ProbeBodyMax,
        Timeout = Timeout.InfiniteTimeSpan,
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
                ProbeWay.Http http => await Ask(kind, http, launch, port, expiry.Token),
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
            return Bad(kind, probe.Way is ProbeWay.Run run ? $"{run.Command[0]}: {e.Message}" : e.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    async Task<ProbeResult> Ask(ProbeKind kind, ProbeWay.Http http, Launch launch, int port, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(new Uri($"http://{Host}:{port}{http.Path}"), cancel);
        var body = await answer.Content.ReadAsStringAsync(cancel);
        var dependencies = HealthBody.Dependencies(body, launch.Health.Dependencies);
        var ill = string.Concat(dependencies.Where(one => one.Answer != ProbeAnswer.Good)
            .Select((one, i) => $"{(i == 0 ? ":" : ",")} {one.Name} is {one.Text}"));
        var (code, expected) = ((int)answer.StatusCode, string.Join(" or ", http.Expect));
        var result = !http.Expect.Contains(code)
            ? Bad(kind, $"{http.Path} answered {code}, expected {expected}{ill}")
            : http.Body is { } text && !body.Contains(text, StringComparison.Ordinal)
            ? Bad(kind, $"the body of {http.Path} does not contain \"{text}\"{ill}")
            : HealthBody.IsDegraded(body)
            ? new(kind, ProbeAnswer.Degraded, $"the app says that it is degraded{ill}")
            : new(kind, ProbeAnswer.Good);
        return result with { Dependencies = dependencies };
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
            : Bad(kind, $"{run.Command[0]} ended with exit code {end.Code}, expected 0{Said(end.Output)}");
    }

    static async Task<ProbeResult> Connect(ProbeKind kind, int port, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Host, port, cancel);
            return new(kind, ProbeAnswer.Good);
        }
        catch (SocketException e)
        {
            return Bad(kind, $"no connection to port {port}: {e.Message}");
        }
    }

    static string Said(string output) => LastWords.Of(output) is { Length: > 0 } words ? $": {words}" : "";

    static ProbeResult Bad(ProbeKind kind, string text) => new(kind, ProbeAnswer.Bad, text);
}

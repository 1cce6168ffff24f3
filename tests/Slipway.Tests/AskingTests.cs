using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Adapters.Processes.Logs;
using Slipway.Api;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests;

/// <summary>Commands keep their word: what they print and the code that they end with say what has happened.</summary>
public sealed class AskingTests : IAsyncLifetime
{
    readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(2));
    readonly TemporaryFolder _folder = new();
    readonly MemoryJournal _journal = new();
    Engine _engine = null!;
    ApiServer _server = null!;

    public async Task InitializeAsync()
    {
        var world = new ObedientWorld();
        _engine = new(new(_journal, world, world, world, world) { Metrics = world }, TimeProvider.System, _stop.Token);
        await _engine.Start();
        var log = _folder.File("shop-r1-1.log");
        await File.WriteAllTextAsync(log, "a\e[31mb\n");
        _server = await ApiServer.Start(new(_engine, _journal)
        {
            Instances = _ => [],
            Logs = _ => [new LogFile(log, "shop-r1-1", new(1), "1.0")],
        }, "127.0.0.1:0", _stop.Token);
        var spec = new ServiceSpec
        {
            Service = "shop",
            Runtime = new RuntimeSpec.Process(["./shop"]),
            Strategy = new StrategySpec.Canary(),
        };
        (await _engine.Order("shop", new Command.Register("register", spec))).Refusal.ShouldBeNull();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _stop.CancelAsync();
        _engine.Dispose();
        _folder.Dispose();
        _stop.Dispose();
    }

    Service Shop => _engine.Find("shop")!.Service;

    [Theory]
    [InlineData("--timeout", "soon", "--timeout is a time, like 30s, 10m or 1h30m, not \"soon\"")]
    [InlineData("--timeout", "-5s", "--timeout is a time, like 30s, 10m or 1h30m, not \"-5s\"")]
    [InlineData("--commit-time", "noon", "--commit-time is a point in time, like 2026-03-01T13:00:00Z, not \"noon\"")]
    [InlineData("--queue", "--supersede", "--supersede and --queue exclude each other")]
    public void Every_word_is_asked_before_anything_begins(string option, string value, string words)
    {
        var deploy = Typed("deploy", "1.0", option, value);
        (deploy.Code, Shop.Releases).ShouldBe((ExitCode.Usage, 0));
        deploy.Error.ShouldContain(words);
    }

    [Fact]
    public void A_service_that_is_removed_is_told_to_be()
    {
        Typed("deploy", "1.0").Code.ShouldBe(0);
        var remove = Typed("remove");
        (remove.Code, remove.Error).ShouldBe((0, ""));
        remove.Out.ShouldContain("✓ shop is removed.");
        Shop.Removed.ShouldBeTrue();
    }

    [Fact]
    public void A_plain_undo_while_a_release_runs_has_done_what_was_asked_when_that_is_back()
    {
        Begun();
        var undo = Typed("undo");
        (undo.Code, undo.Error).ShouldBe((0, ""), undo.Out);
        undo.Out.ShouldContain("stopped, shop stays on 1.0.");
    }

    [Fact]
    public void An_undo_to_another_version_is_not_half_done_while_a_release_runs()
    {
        Typed("deploy", "0.9").Code.ShouldBe(0);
        Begun();
        var undo = Typed("undo", "--to", "0.9");
        undo.Code.ShouldBe(ExitCode.Failed);
        undo.Error.ShouldContain("To go to 0.9, stop it first: slipway abort shop, then slipway undo shop --to 0.9");
        Shop.Run!.Mode.ShouldBe(Mode.Forward);
        Typed("undo", "--to", "1.0").Code.ShouldBe(0);
    }

    [Fact]
    public void Whoever_waits_for_another_release_leaves_when_the_time_is_up()
    {
        Begun();
        var deploy = Typed("deploy", "3.0", "--queue", "--timeout", "100ms");
        deploy.Code.ShouldBe(ExitCode.StillRunning);
        deploy.Out.ShouldContain("3.0 waits for release 2 to end.");
        deploy.Error.ShouldContain("3.0 still waits for another release of shop to end");
        Shop.Next!.Version.ShouldBe("3.0");
    }

    [Fact]
    public void What_others_have_written_moves_no_cursor()
    {
        Typed("deploy", "1.0", "--cause", "a\e[2Jb\nc").Code.ShouldBe(0);
        Typed("show", "1").Out.ShouldContain("\"a␛[2Jb c\"");
        Typed("history").Out.ShouldContain("a␛[2Jb c");
        Typed("logs").Out.ShouldContain("a\e[31mb");
        using var seen = new Typed { OnTerminal = true };
        seen.Run("logs", "--url", _server.Url);
        seen.Out.ShouldContain("a␛[31mb");
    }

    [Fact]
    public async Task Something_else_that_answers_is_said_to_be_something_else()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var answering = Task.Run(async () =>
        {
            using var socket = await other.AcceptTcpClientAsync(_stop.Token);
            await socket.GetStream().ReadExactlyAsync(new byte[16], _stop.Token);
            const string page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(page), _stop.Token);
            await socket.GetStream().CopyToAsync(Stream.Null, _stop.Token);
        });
        using var typed = new Typed();
        typed.Run("status", "--url", $"http://{other.LocalEndpoint}").ShouldBe(ExitCode.NoAnswer);
        typed.Error.ShouldContain("what answers there is not Slipway: 200 OK");
        other.Stop();
        await answering;
    }

    [Fact]
    public void A_token_that_cannot_be_sent_is_told()
    {
        using Typed asks = new(), begins = new();
        asks.Where("SLIPWAY_TOKEN", "s3cret\n").Run("status", "--url", _server.Url).ShouldBe(ExitCode.Usage);
        asks.Error.ShouldContain("SLIPWAY_TOKEN has a line break in it");
        begins.Where("SLIPWAY_TOKEN", "s3 cret").Run("up").ShouldBe(ExitCode.Usage);
        begins.Error.ShouldContain("SLIPWAY_TOKEN has characters in it that cannot be sent");
    }

    [Fact]
    public void An_address_that_is_empty_is_none()
    {
        using var typed = new Typed();
        typed.Where("SLIPWAY_URL", "").Run("show", "shop-1");
        typed.Error.ShouldNotContain("is no address");
    }

    [Theory]
    [InlineData("0.0.0.0:7500", "can be reached from other machines, and there is no token")]
    [InlineData("*:7500", "\"*:7500\" is no address to listen on")]
    public void A_control_plane_that_strangers_could_ask_is_not_begun(string listen, string words)
    {
        using var typed = new Typed();
        typed.Run("up", "--listen", listen).ShouldBe(ExitCode.Usage);
        typed.Error.ShouldContain(words);
        Directory.Exists(Path.Combine(typed.Folder.FullName, ".slipway")).ShouldBeFalse();
    }

    /// <summary>1.0 serves, and 2.0 is on its way.</summary>
    void Begun()
    {
        Typed("deploy", "1.0", "--detach").Code.ShouldBe(0);
        if (Shop.Run is not null) Typed("promote", "--full");
        Until(service => service is { Run: null, StableRevision.Version: "1.0" });
        Typed("deploy", "2.0", "--detach").Code.ShouldBe(0);
        Until(service => service.Run is { Step: Plans.Step.Wait });
    }

    void Until(Func<Service, bool> fact) =>
        _engine.Until("shop", runner => fact(runner.Service), _stop.Token).Wait(_stop.Token);

    (int Code, string Out, string Error) Typed(params string[] words)
    {
        using var typed = new Typed();
        var code = typed.Run([.. words, "--url", _server.Url]);
        return (code, typed.Out, typed.Error);
    }
}

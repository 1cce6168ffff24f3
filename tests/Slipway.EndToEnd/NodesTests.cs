using System.Diagnostics;
using Slipway.Client;
using Slipway.Support;

namespace Slipway.EndToEnd;

/// <summary>Control planes on one PostgreSQL store, on one machine: real processes, and a real server.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    const string Store = "${SHOP_STORE}";

    readonly Machine _machine = new("1.0", "1.1", "1.2");
    readonly string _otherUrl = $"http://{FreePort.Address()}";
    PostgresServer? _server;
    SlipwayClient _other = null!;

    public Task InitializeAsync()
    {
        if (PostgresServer.Programs is not null) _server = new();
        if (_server is not null) _machine.Environment["SHOP_STORE"] = _server.Url(_server.NewDatabase());
        _other = SlipwayClient.For(new(_otherUrl));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _machine.DisposeAsync();
        _other.Dispose();
        _server?.Dispose();
    }

    [FactNeedingPostgres]
    public async Task The_other_goes_on_within_five_seconds_when_the_keeper_is_killed_and_nothing_is_done_twice()
    {
        var (first, _) = await _machine.Up(_machine.Url, "--store", Store);
        var (_, said) = await _machine.Up(_otherUrl, "--store", Store);
        said.ShouldContain($"standing by: {_machine.Url} keeps the services");
        (await _machine.Run("deploy", "1.0", "--url", _otherUrl)).Error.ShouldBe("");
        await using var users = new Users(_machine.Listen);
        (await _machine.Run("deploy", "1.1", "--detach", "--url", _otherUrl)).Code.ShouldBe(0);
        var before = await Machine.Until(
            "the first share", _other, service => service.Release is { SharePercent: > 0 });
        ShouldKeepTheSecret();

        var silence = Stopwatch.StartNew();
        first.Kill();
        await Machine.Until("a look of the other's own", _other, service => service.Instances.Count > 0);
        silence.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        var after = await Machine.Until("the end of the release", _other, service => service.Release is null);
        (after.Version, after.Last!.Outcome).ShouldBe(("1.1", "done"));
        var kept = before.Instances.Select(instance => instance.Pid).ToList();
        kept.ShouldBeSubsetOf(after.Instances.Select(instance => instance.Pid));
        (after.Instances.Count, _machine.Processes("--version").Count()).ShouldBe((4, 4)); // two of each version

        (await _machine.Run("deploy", "1.2", "--url", _otherUrl)).Code.ShouldBe(0);
        await users.Stop();
        users.Failures.ShouldBeEmpty();
        var undisturbed = (await _other.Service("shop", CancellationToken.None)).Last!.Id;
        (await StepsOf(after.Last.Id)).ShouldBe(
            (await StepsOf(undisturbed)).Select(step => step.Replace("1.2", "1.1", StringComparison.Ordinal)));
    }

    [FactNeedingPostgres]
    public async Task A_keeper_that_was_frozen_stands_by_when_it_wakes_and_the_other_takes_up_its_processes()
    {
        var (first, _) = await _machine.Up(_machine.Url, "--store", Store);
        await _machine.Up(_otherUrl, "--store", Store);
        (await _machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        await using var users = new Users(_machine.Listen);

        Signal("STOP", first.Id);
        (await _machine.Run("deploy", "1.1", "--detach", "--url", _otherUrl)).Code.ShouldBe(0);
        await Until(() => _server!.Ask(Database, "SELECT epoch FROM slipway.lease") == "2");
        Signal("CONT", first.Id);
        var after = await Machine.Until("the release", _other, service => service is { Release: null, Version: "1.1" });
        await users.Stop();

        after.Last!.Outcome.ShouldBe("done");
        users.Failures.ShouldBeEmpty();
        (await _machine.Run("undo")).Code.ShouldBe(0); // at the node that stands by now
        _machine.Processes("--version").Count().ShouldBe(4);
    }

    [FactNeedingPostgres]
    public async Task A_gateway_that_is_killed_refuses_nobody_while_another_node_stands_by_nor_after_its_end()
    {
        await _machine.Up(_machine.Url, "--store", Store);
        (await _machine.Run("deploy", "1.0")).Error.ShouldBe("");
        var (other, _) = await _machine.Up(_otherUrl, "--store", Store);
        await ShouldRefuseNobodyWithoutIts(_machine.GatewayPid());
        Signal("INT", other.Id);
        await other.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await ShouldRefuseNobodyWithoutIts(_machine.GatewayPid());
    }

    /// <summary>Whoever comes while there is no gateway waits for the next one.</summary>
    async Task ShouldRefuseNobodyWithoutIts(int gateway)
    {
        using var killed = Process.GetProcessById(gateway);
        killed.Kill();
        await killed.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        using var http = new HttpClient();
        (await http.GetStringAsync($"http://{_machine.Listen}/")).ShouldBe("1.0");
    }

    [FactNeedingPostgres]
    public async Task While_the_store_is_down_users_are_served_new_releases_are_refused_and_status_says_so()
    {
        await _machine.Up(_machine.Url, "--store", Store);
        (await _machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        await using var users = new Users(_machine.Listen);

        _server!.Stop();
        var refused = await _machine.Run("deploy", "1.1");
        refused.Code.ShouldBe(1, refused.Out);
        refused.Error.ShouldContain("The journal cannot be used now, so nothing new is begun");
        refused.Error.ShouldNotContain("secret");
        var status = await _machine.Run("status");
        status.Code.ShouldBe(0, status.Error);
        status.Out.ShouldContain("Nothing new can be begun");

        _server.Start();
        await _machine.Until("the journal", service => service.Notice is null);
        (await _machine.Run("deploy", "1.1")).Code.ShouldBe(0);
        await users.Stop();
        users.Failures.ShouldBeEmpty();
    }

    [FactNeedingPostgres]
    public async Task A_store_that_cannot_be_opened_is_told_without_its_password_and_nothing_is_started()
    {
        var wrong = await _machine.Run("up", "--store", $"postgres://slipway:secret@{_server!.Address}/postgres");
        (wrong.Code, wrong.Out).ShouldBe((2, ""));
        wrong.Error.ShouldContain("does not take the password of slipway");
        wrong.Error.ShouldNotContain("secret");
        var none = await _machine.Run("up", "--store", "shop.db");
        (none.Code, none.Error).ShouldBe((2, "error: the store is no address of PostgreSQL. "
            + "Write it like postgres://user:${PASSWORD}@host:5432/database.\n"));
        _machine.Processes("gateway").ShouldBeEmpty();
    }

    string Database => new Uri(_machine.Environment["SHOP_STORE"]).AbsolutePath[1..];

    /// <summary>Neither command lines nor what the gateway and instances inherit tell it.</summary>
    void ShouldKeepTheSecret()
    {
        foreach (var pid in _machine.Processes("up"))
            File.ReadAllText($"/proc/{pid}/cmdline").ShouldNotContain("secret");
        foreach (var pid in _machine.Processes("gateway").Concat(_machine.Processes("--version")))
            (File.ReadAllText($"/proc/{pid}/cmdline") + File.ReadAllText($"/proc/{pid}/environ"))
                .ShouldNotContain("secret");
    }

    async Task<IEnumerable<string>> StepsOf(string release) =>
        (await _other.Events(release, CancellationToken.None)).Where(e => e.Kind == "entered").Select(e => e.Text);

    static void Signal(string name, int pid)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{pid}"]);
        kill.WaitForExit();
    }

    static async Task Until(Func<bool> fact)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!fact()) await tick.WaitForNextTickAsync(patience.Token);
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Slipway.EndToEnd;

/// <summary>The program as people run it: its own processes, its commands, its exit codes.</summary>
public sealed class UpTests
{
    [Fact]
    public async Task From_up_to_a_canary_to_undo_to_remove_by_the_commands_alone()
    {
        await using var machine = new Machine("1.0", "1.1", "1.2 --fail 50");
        await machine.Up();
        (await machine.Run("status")).Out.ShouldContain("never deployed");
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        await using var users = new Users(machine.Listen);

        var good = await machine.Run("deploy", "shop", "1.1");
        (good.Code, good.Error).ShouldBe((0, ""), good.Out);
        good.Out.ShouldContain("✓ shop is on 1.1.");
        var bad = await machine.Run("deploy", "1.2");
        bad.Code.ShouldBe(1, bad.Out);
        bad.Error.ShouldContain("rolled back, shop stays on 1.1");
        (await machine.Run("undo")).Out.ShouldContain("✓ shop is on 1.0.");
        (await machine.Run("history")).Out.ShouldContain("rolled back");
        (await machine.Run("show", "3")).Out.ShouldContain("gate errors: failed");
        await users.Stop();

        users.Failures.ShouldBe(["status 500"]);
        (await machine.Run("remove")).Code.ShouldBe(0);
        (await machine.Run("status")).Out.ShouldContain("No services yet");
    }

    [Fact]
    public async Task A_control_plane_that_is_killed_in_a_release_goes_on_with_it_and_no_request_is_lost()
    {
        await using var machine = new Machine("1.0", "1.1");
        var up = await machine.Up();
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        await using var users = new Users(machine.Listen);
        (await machine.Run("deploy", "1.1", "--detach")).Code.ShouldBe(0);
        await machine.Until("the first share", service => service.Release is { SharePercent: > 0 });

        up.Kill();
        await up.WaitForExitAsync();
        (await machine.Run("status")).Code.ShouldBe(3);
        await machine.Up();
        var after = await machine.Until("the end of the release", service => service.Release is null);
        await users.Stop();

        (after.Version, after.Last!.Outcome).ShouldBe(("1.1", "done"));
        users.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_gateway_that_is_replaced_by_hand_again_and_again_is_not_started_anew()
    {
        await using var machine = new Machine("1.0");
        await machine.Up();
        for (var hand = 0; hand < 3; hand++)
        {
            using var before = Process.GetProcessById(machine.GatewayPid());
            var next = await machine.Succeed();
            await before.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
            machine.GatewayPid().ShouldBe(next.Id);
        }
    }

    [Fact]
    public async Task Whoever_does_not_read_on_ends_it()
    {
        const string command = "exec 3> >(:); wait $!; dotnet $0 schema-file >&3"; // the reader has gone before
        using var piped = Process.Start(new ProcessStartInfo("bash", ["-c", command, Machine.Program]))!;
        await piped.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        piped.ExitCode.ShouldBe(141);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_gateway_that_is_killed_is_started_anew_with_what_it_had_also_when_nobody_can_be_told(bool heard)
    {
        await using var machine = new Machine("1.0");
        await (heard ? machine.Up() : machine.UpUnheard());
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        var before = machine.GatewayPid();
        Machine.Kill(before);

        using var http = new HttpClient();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var answer = "";
        while (answer != "1.0" && await tick.WaitForNextTickAsync(patience.Token))
            try
            {
                answer = await http.GetStringAsync($"http://{machine.Listen}/", patience.Token);
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

        machine.GatewayPid().ShouldNotBe(before);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_and_no_gateway_is_left_behind()
    {
        await using var machine = new Machine("1.0");
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var up = await machine.Run("up", "--listen", other.LocalEndpoint.ToString()!);
        up.Code.ShouldBe(2);
        up.Error.ShouldContain(" is taken by another program: ");
        up.Error.ShouldContain($"(pid {Environment.ProcessId})");
        Should.Throw<InvalidOperationException>(() => machine.GatewayPid());
    }

    [Fact]
    public async Task A_service_whose_address_is_taken_is_told_who_has_it_before_anything_starts()
    {
        await using var machine = new Machine("1.0");
        using var other = new TcpListener(IPEndPoint.Parse(machine.Listen));
        other.Start();
        var up = await machine.Run("up", "--listen", "127.0.0.1:0");
        up.Code.ShouldBe(2);
        up.Error.ShouldContain($"slipway.yaml asks for it: traffic: {{ listen: {machine.Listen} }}");
        up.Error.ShouldContain(" is free.");
        Should.Throw<InvalidOperationException>(() => machine.GatewayPid());
    }

    [Fact]
    public async Task With_a_token_it_listens_to_other_machines_and_asks_itself_on_its_own()
    {
        await using var machine = new Machine("1.0");
        machine.Environment["SLIPWAY_TOKEN"] = "s3cret";
        await machine.Up(machine.Url.Replace("127.0.0.1", "0.0.0.0", StringComparison.Ordinal));
        var status = await machine.Run("status");
        (status.Code, status.Error).ShouldBe((0, ""));
        status.Out.ShouldContain("never deployed");
        using var stranger = new HttpClient();
        (await stranger.GetAsync($"{machine.Url}/api/v1/services")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_a_token_it_listens_to_no_other_machine_and_starts_nothing()
    {
        await using var machine = new Machine("1.0");
        var up = await machine.Run("up", "--listen", "0.0.0.0:0");
        up.Code.ShouldBe(2);
        up.Error.ShouldContain("there is no token");
        machine.Processes("gateway").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_one_on_the_same_folder_says_so_and_changes_nothing()
    {
        await using var machine = new Machine("1.0");
        await machine.Up();
        var second = await machine.Run("up", "--listen", "127.0.0.1:0");
        second.Code.ShouldBe(2);
        second.Error.ShouldContain("is in use by another Slipway");
        (await machine.Run("status")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Each_request_is_in_the_access_log_of_the_gateway_when_up_is_asked_for_it()
    {
        await using var machine = new Machine("1.0");
        await machine.Up(machine.Url, "--access-log");
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        using var http = new HttpClient();
        (await http.GetStringAsync($"http://{machine.Listen}/?tea=1")).ShouldBe("1.0");

        var log = Path.Combine(machine.Folder, ".slipway", "access.log");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(log) || new FileInfo(log).Length == 0) await tick.WaitForNextTickAsync(patience.Token);
        var line = (await File.ReadAllLinesAsync(log, patience.Token)).First(each => !each.Contains("\"fleet\":\"\"",
            StringComparison.Ordinal));
        line.ShouldContain("\"service\":\"shop\",\"fleet\":\"r1\"");
        line.ShouldContain("\"status\":200");
    }
}

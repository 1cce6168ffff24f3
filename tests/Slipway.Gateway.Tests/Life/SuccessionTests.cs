using System.Net;
using System.Net.Sockets;
using Slipway.Gateway.Control;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Life;

public sealed class SuccessionTests : IAsyncLifetime
{
    const int Generations = 5, Clients = 8;

    readonly Dynasty _dynasty;
    readonly List<string> _told = [];
    readonly TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _hindered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SuccessionTests() => _dynasty = new(Tell);

    public Task InitializeAsync() => _dynasty.Begin();

    public async Task DisposeAsync() => await _dynasty.DisposeAsync();

    [Fact]
    public async Task A_new_process_takes_over_under_load_and_nobody_is_refused_or_cut_off()
    {
        var gateway = await _dynasty.Start();
        _dynasty.Serve(gateway);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_dynasty.Limit);
        var clients = Enumerable.Range(0, Clients).Select(number => Ask(number % 2 == 0, enough.Token)).ToList();
        await using var last = await _dynasty.Succeed(gateway, Generations);
        await enough.CancelAsync();
        var answers = (await Task.WhenAll(clients)).SelectMany(answer => answer).GroupBy(answer => answer)
            .ToDictionary(group => group.Key, group => group.Count());
        answers.Keys.ShouldHaveSingleItem($"{string.Join(", ", answers)}; {string.Join("; ", _told)}").ShouldBe("200");
        answers["200"].ShouldBeGreaterThan(Generations * Clients);
    }

    [Fact]
    public async Task What_was_ordered_before_holds_after_a_succession()
    {
        var gateway = await _dynasty.Start();
        _dynasty.Serve(gateway);
        await using var next = await _dynasty.Start();
        await gateway.Succeeded.WaitAsync(_dynasty.Limit);
        await gateway.DisposeAsync();
        (next.Orders.Look("shop").Since, next.Orders.Look("shop").Sequence).ShouldBe((1, 1));
        _told.ShouldContain($"has taken over 127.0.0.1:{_dynasty.Port}");
    }

    [Theory]
    [InlineData(120, 120)]
    [InlineData(5, 30)]
    public async Task It_ends_its_requests_for_as_long_as_the_most_patient_of_its_services(int drain, int seconds)
    {
        await using var gateway = await _dynasty.Start();
        _dynasty.Serve(gateway, new() { Drain = TimeSpan.FromSeconds(drain) });
        gateway.Orders.Put("other", new() { Drain = TimeSpan.FromSeconds(1) });
        gateway.DrainMax.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public async Task When_the_new_one_dies_halfway_the_old_one_goes_on_and_takes_orders_again()
    {
        await using var gateway = await _dynasty.Start();
        _dynasty.Serve(gateway);
        using (var half = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await half.ConnectAsync(new UnixDomainSocketEndPoint(_dynasty.Folder.File("gateway.next")), _dynasty.Limit);
            await half.SendAsync("take\n"u8.ToArray(), _dynasty.Limit);
            (await half.ReceiveAsync(new byte[1], _dynasty.Limit)).ShouldBe(1);
        }

        await _again.Task.WaitAsync(_dynasty.Limit);
        await using var next = await _dynasty.Start();
        await gateway.Succeeded.WaitAsync(_dynasty.Limit);
    }

    [Fact]
    public async Task It_takes_orders_again_even_when_the_one_that_died_halfway_has_held_its_door_for_a_while()
    {
        await using var gateway = await _dynasty.Start();
        _dynasty.Serve(gateway);
        using (var orders = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            using (var half = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                await half.ConnectAsync(
                    new UnixDomainSocketEndPoint(_dynasty.Folder.File("gateway.next")), _dynasty.Limit);
                await half.SendAsync("take\n"u8.ToArray(), _dynasty.Limit);
                (await half.ReceiveAsync(new byte[1], _dynasty.Limit)).ShouldBe(1);
                orders.Bind(new UnixDomainSocketEndPoint(_dynasty.Folder.File("gateway.sock")));
                orders.Listen();
            }

            await _hindered.Task.WaitAsync(_dynasty.Limit);
        }

        await _again.Task.WaitAsync(_dynasty.Limit);
        await using var next = await _dynasty.Start();
        await gateway.Succeeded.WaitAsync(_dynasty.Limit);
    }

    [Fact]
    public async Task One_that_does_not_answer_is_named_to_whoever_wants_its_place()
    {
        using var stopped = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        stopped.Bind(new UnixDomainSocketEndPoint(_dynasty.Folder.File("gateway.next")));
        stopped.Listen();
        (await Should.ThrowAsync<IOException>(_dynasty.Start())).Message.ShouldStartWith(
            $"The gateway that runs here, process {Environment.ProcessId}, does not answer. If it was stopped");
    }

    /// <summary>A wake-up for the line before it may come late, and is none for the socket.</summary>
    [Fact]
    public async Task A_socket_that_comes_a_moment_after_its_name_is_waited_for()
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var door = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var folder = new GatewayFolder(_dynasty.Folder.Path);
        door.Bind(new UnixDomainSocketEndPoint(folder.Succession));
        door.Listen();
        for (var round = 0; round < 500; round++)
        {
            var asking = Succession.Ask(folder, _dynasty.Limit);
            using var visitor = await door.AcceptAsync(_dynasty.Limit);
            foreach (var letter in "\n1\nhere\n"u8.ToArray())
            {
                visitor.Send([letter]);
                Thread.SpinWait(round * 20);
            }

            Native.SendDescriptor((int)visitor.Handle, (int)listening.Handle);
            using var got = (await asking).ShouldNotBeNull($"in round {round}");
            using (new SafeSocketHandle(got.Sockets["here"], ownsHandle: true)) { }
        }
    }

    [Fact]
    public async Task A_folder_that_is_a_file_is_told_so()
    {
        var file = _dynasty.Folder.File("file");
        await File.WriteAllTextAsync(file, "");
        (await Should.ThrowAsync<IOException>(GatewayProcess.Start(new(file), _dynasty.Limit))).Message
            .ShouldEndWith("is a file: name the folder that the gateway's files are to lie in.");
    }

    [Fact]
    public async Task A_folder_whose_sockets_the_system_would_not_take_is_told_so_and_not_made()
    {
        var folder = _dynasty.Folder.File(new string('x', 100));
        (await Should.ThrowAsync<IOException>(GatewayProcess.Start(new(folder), _dynasty.Limit))).Message
            .ShouldEndWith("letters, and the system takes 93. Name a shorter folder with --data.");
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_door_that_nobody_wants_is_closed_and_one_that_was_taken_is_opened_once_it_is_free()
    {
        await using var gateway = await _dynasty.Start();
        _dynasty.Serve(gateway);
        (await Peer.To(_dynasty.Port)).Dispose();
        gateway.Orders.Remove("shop");
        await Should.ThrowAsync<SocketException>(Peer.To(_dynasty.Port));

        using (var other = new TcpListener(IPAddress.Loopback, _dynasty.Port))
        {
            other.Start();
            gateway.Orders.Put("shop", new() { Listen = $"127.0.0.1:{_dynasty.Port}" });
            lock (_told) _told[^1].ShouldStartWith($"cannot listen on 127.0.0.1:{_dynasty.Port}: ");
            (await _dynasty.Trouble()).ShouldStartWith($"cannot listen on 127.0.0.1:{_dynasty.Port}: ");
        }

        await _opened.Task.WaitAsync(_dynasty.Limit);
        (await _dynasty.Trouble()).ShouldBeNull();
        (await Peer.To(_dynasty.Port)).Dispose();
    }

    [Fact]
    public async Task Of_one_that_has_died_the_sockets_live_on_with_those_who_wait_in_them()
    {
        await using var keeper = new SocketKeeper(_dynasty.Folder.Path);
        using var waiting = await Die(keeper);
        await waiting.Send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
        await using var next = await _dynasty.Start();
        _told.ShouldContain($"has taken over 127.0.0.1:{_dynasty.Port}");
        (await waiting.Answer()).Body.ShouldBe("ok");
    }

    /// <summary>A gateway that has gone without a word; and somebody who has come since.</summary>
    async Task<Peer> Die(SocketKeeper keeper)
    {
        await using (var gateway = await _dynasty.Start())
        {
            _dynasty.Serve(gateway);
            await keeper.Follow(_dynasty.Limit);
        }

        return await Peer.To(_dynasty.Port);
    }

    void Tell(string line)
    {
        lock (_told) _told.Add(line);
        if (line.StartsWith("listening", StringComparison.Ordinal)
            && _told.Exists(one => one.StartsWith("cannot listen", StringComparison.Ordinal))) _opened.TrySetResult();
        if (line.StartsWith("it cannot take orders again yet", StringComparison.Ordinal)) _hindered.TrySetResult();
        if (line.EndsWith("takes orders again", StringComparison.Ordinal)) _again.TrySetResult();
    }

    /// <summary>
    /// One request after the other, on one connection for as long as the gateway keeps it. Nothing is sent twice.
    /// </summary>
    async Task<List<string>> Ask(bool keepAlive, CancellationToken cancel)
    {
        var answers = new List<string>();
        Peer? connection = null;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                connection ??= await Peer.To(_dynasty.Port);
                await connection.Send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\n"
                    + $"{(keepAlive ? "" : "Connection: close\r\n")}\r\nbody");
                var (head, _) = await connection.Answer();
                answers.Add(head.Split(' ')[1]);
                if (keepAlive && !head.Contains("Connection: close", StringComparison.OrdinalIgnoreCase)) continue;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                answers.Add(e.Message);
            }

            connection?.Dispose();
            connection = null;
        }

        connection?.Dispose();
        return answers;
    }
}

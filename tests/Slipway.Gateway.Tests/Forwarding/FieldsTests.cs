using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Forwarding;

public sealed class FieldsTests
{
    [Fact]
    public async Task An_instance_hears_who_asks_and_how()
    {
        var head = await Forwarded("GET / HTTP/1.1\r\nHost: shop:8080\r\n\r\n");
        head.ShouldContain("\r\nHost: shop:8080\r\n");
        head.ShouldContain("\r\nX-Forwarded-For: 127.0.0.1\r\n");
        head.ShouldContain("\r\nX-Forwarded-Proto: http\r\n");
        head.ShouldContain("\r\nX-Forwarded-Host: shop:8080\r\n");
        head.ShouldContain("\r\nForwarded: for=127.0.0.1;proto=http;host=\"shop:8080\"\r\n");
        head.ShouldMatch("\r\nX-Request-Id: [0-9a-f]{32}\r\n");
    }

    [Fact]
    public async Task What_others_said_of_addresses_stands_in_front()
    {
        var head = await Forwarded("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.1.1.1\r\n" +
            "x-forwarded-for: 2.2.2.2\r\nForwarded: for=3.3.3.3\r\nX-Forwarded-Proto: gopher\r\n\r\n");
        head.ShouldContain("\r\nX-Forwarded-For: 1.1.1.1, 2.2.2.2, 127.0.0.1\r\n");
        head.ShouldContain("\r\nForwarded: for=3.3.3.3, for=127.0.0.1;");
        head.ShouldContain("\r\nX-Forwarded-Proto: http\r\n");
        head.ShouldNotContain("gopher");
    }

    [Theory]
    [InlineData("abc-123", true)]
    [InlineData("a b", false)]
    [InlineData("", false)]
    public async Task A_request_keeps_its_id_when_it_is_one(string id, bool keeps)
    {
        var head = await Forwarded($"GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: {id}\r\n\r\n");
        head.Split("\r\n").Count(line => line.StartsWith("X-Request-Id: ", StringComparison.Ordinal)).ShouldBe(1);
        head.Contains($"X-Request-Id: {id}\r\n", StringComparison.Ordinal).ShouldBe(keeps);
    }

    [Fact]
    public async Task An_id_that_is_for_one_connection_alone_is_replaced()
    {
        var head = await Forwarded(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: x-request-id\r\nX-Request-Id: b\r\n\r\n");
        head.ShouldMatch("\r\nX-Request-Id: [0-9a-f]{32}\r\n");
    }

    [Fact]
    public async Task Fields_of_one_connection_stay_on_it()
    {
        var head = await Forwarded("GET / HTTP/1.1\r\nX-Before: 1\r\nHost: a\r\nConnection: X-Mine, TE\r\n" +
            "X-Mine: 2\r\nKeep-Alive: 3\r\nProxy-Connection: 4\r\nTE: deflate\r\nUpgrade: x\r\nX-After: 5\r\n\r\n");
        head.ShouldContain("\r\nX-Before: 1\r\n");
        head.ShouldContain("\r\nX-After: 5\r\n");
        foreach (var name in (string[])["Connection", "X-Mine", "Keep-Alive", "TE", "Upgrade"])
            head.ShouldNotContain($"\r\n{name}:");
        head.ShouldNotContain("Proxy-Connection");
    }

    [Fact]
    public async Task No_user_can_say_that_a_request_is_a_copy_for_a_shadow() =>
        (await Forwarded("GET / HTTP/1.1\r\nHost: a\r\nX-Shadow-Request: true\r\n\r\n"))
            .ShouldNotContain("X-Shadow-Request", Case.Insensitive);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: TE\r\nTE: trailers\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTE: deflate;q=0.5, Trailers\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTE: gzip\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.0\r\nHost: a\r\nTE: trailers\r\n\r\n", false)]
    public async Task An_instance_hears_whether_the_client_takes_trailers(string request, bool takes)
    {
        var head = await Forwarded(request);
        head.Contains("\r\nConnection: TE\r\nTE: trailers\r\n", StringComparison.Ordinal).ShouldBe(takes);
        head.Split("\r\n").Count(line => line.StartsWith("TE:", StringComparison.Ordinal)).ShouldBe(takes ? 1 : 0);
    }

    [Fact]
    public async Task An_absolute_target_goes_on_in_its_short_form() =>
        (await Forwarded("GET http://A?b HTTP/1.1\r\nHost: a\r\n\r\n"))
            .ShouldStartWith("GET /?b HTTP/1.1\r\nHost: a\r\n");

    [Fact]
    public async Task An_old_request_without_a_host_gets_that_of_the_instance()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        var head = await instance.Head();
        head.ShouldStartWith($"GET / HTTP/1.1\r\nHost: 127.0.0.1:{rig.Backend.Port}\r\n");
        head.ShouldNotContain("Expect");
    }

    [Fact]
    public async Task A_length_loses_its_zeros_and_whatever_names_it() =>
        (await Forwarded("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0002\r\nConnection: content-length\r\n\r\nhi"))
            .ShouldContain("\r\nContent-Length: 2\r\n");

    [Fact]
    public async Task An_answer_loses_what_was_between_the_gateway_and_the_instance()
    {
        var head = await Answered("HTTP/1.1 201 Made it\r\nX-Before: 1\r\nConnection: X-Mine\r\nX-Mine: 2\r\n" +
            "Keep-Alive: 3\r\nSlipway-Session: active\r\nX-Slipway-Version: false\r\nX-After: 4\r\n" +
            "Content-Length: 0\r\n\r\n");
        head.ShouldStartWith("HTTP/1.1 201 Made it\r\n");
        head.ShouldContain("\r\nX-Before: 1\r\nX-After: 4\r\nContent-Length: 0\r\n");
        foreach (var name in (string[])["Connection", "X-Mine", "Keep-Alive", "Slipway-Session"])
            head.ShouldNotContain($"\r\n{name}:");
        head.ShouldNotContain("false");
    }

    [Fact]
    public async Task The_largest_head_reaches_an_instance_together_with_its_body()
    {
        const int Length = 40_000;
        var host = $"{new string('h', 255)}:65535";
        var head = $"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: {Length}\r\nX: \r\n\r\n";
        var filled = head.Replace("X: ", $"X: {new string('x', 32 * 1024 - head.Length)}", StringComparison.Ordinal);
        await using var rig = new Rig();
        using var client = await rig.Connect(filled + new string('b', Length));
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain($";host=\"{host}\"\r\n");
        (await instance.Exactly(Length)).ShouldAllBe(letter => letter == 'b');
    }

    [Fact]
    public async Task A_host_that_is_larger_than_any_reaches_nobody()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(
            $"POST / HTTP/1.1\r\nHost: [{new string(':', 30_000)}]\r\nContent-Length: 2\r\n\r\nhi");
        (await client.Answer()).Body.ShouldBe("Refused: bad host.\n");
        rig.Backend.HasPending.ShouldBeFalse();
    }

    [Fact]
    public async Task A_reason_may_be_missing() =>
        (await Answered("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n")).ShouldStartWith("HTTP/1.1 200 \r\n");

    [Fact]
    public async Task Nobody_here_is_told_as_such()
    {
        await using var rig = new Rig(options: new SiteOptions { Hosts = ["shop.example.com"] });
        using var client = await rig.Connect("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 404 ");
        await client.Send("GET / HTTP/1.1\r\nHost: Shop.Example.com\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
    }

    static async Task<string> Forwarded(string request)
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(request);
        using var instance = await rig.Backend.Accept();
        return await instance.Head();
    }

    static async Task<string> Answered(string answer)
    {
        await using var rig = new Rig(options: new SiteOptions { VersionHeader = true });
        using var client = await rig.Connect("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(answer);
        return await client.Head();
    }
}

namespace Slipway.Gateway.Forwarding;

public sealed class KeepAliveTests
{
    const string Get = "GET /a?b HTTP/1.1\r\nHost: shop\r\n\r\n";
    const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    [Fact]
    public async Task An_answer_comes_back_and_both_connections_serve_the_next_request()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldStartWith("GET /a?b HTTP/1.1\r\nHost: shop\r\n");
        await instance.Send(Answer);
        (await client.Answer()).Body.ShouldBe("hi");

        await client.Send(Get);
        await instance.Head();
        await instance.Send(Answer);
        (await client.Answer()).Body.ShouldBe("hi");
        rig.Backend.HasPending.ShouldBeFalse();
    }
}

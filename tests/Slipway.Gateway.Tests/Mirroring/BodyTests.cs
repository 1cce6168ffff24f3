using Slipway.Gateway.Forwarding;
using Slipway.Routing;

namespace Slipway.Gateway.Mirroring;

/// <summary>Copies of requests with bodies, as a shadow gets them from the wire.</summary>
public sealed class BodyTests : IAsyncLifetime
{
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static readonly Fleet Shadow = new(2);

    readonly Rig _rig = new();
    readonly Backend _shadow = new();
    readonly Shadows _shadows;

    public BodyTests()
    {
        _shadows = new(_rig.Sites);
        _rig.Sites.Tell(Rig.Service, [new(Rig.Fleet, "i1", "127.0.0.1", _rig.Backend.Port),
            new(Shadow, "shadow", "127.0.0.1", _shadow.Port)]);
        _rig.Route(Rig.RouteTo() with { Mirror = new(Shadow, Share.All, ["POST"]) });
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _shadow.Dispose();
        await _rig.DisposeAsync();
        await _shadows.DisposeAsync();
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n", "hello")]
    [InlineData("Transfer-Encoding: chunked\r\n", "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n")]
    public async Task A_body_that_is_there_is_copied_without_its_coding(string field, string body)
    {
        using var client = await _rig.Connect($"POST / HTTP/1.1\r\nHost: a\r\n{field}\r\n{body}");
        using var instance = await _rig.Backend.Accept();
        await instance.Until(body);
        using var shadow = await _shadow.Accept();
        var head = await shadow.Head();
        head.ShouldContain("\r\nContent-Length: 5\r\n");
        head.ShouldNotContain("chunked");
        (await shadow.Exactly(5)).ShouldBe("hello");
        await instance.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n", "", "hello")]
    [InlineData("Transfer-Encoding: chunked\r\n", "5\r\nhe", "llo\r\n0\r\n\r\n")]
    public async Task A_body_that_comes_later_than_its_head_is_not_copied_and_that_is_counted(
        string field, string first, string rest)
    {
        using var client = await _rig.Connect($"POST / HTTP/1.1\r\nHost: a\r\n{field}\r\n{first}");
        using var instance = await _rig.Backend.Accept();
        await instance.Head();
        await client.Send(rest);
        await instance.Until(rest);
        await instance.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
        var route = _shadows.Of(_rig.Site).ShouldHaveSingleItem();
        (route.Route, route.Dropped, route.Compared, route.Failed).ShouldBe(("POST /", 1, 0, 0));
    }
}

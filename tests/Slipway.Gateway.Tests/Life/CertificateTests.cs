using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http2;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Life;

/// <summary>A hand-over turns nobody away whom the gateway before has served.</summary>
public sealed class CertificateTests : IAsyncLifetime
{
    readonly Dynasty _dynasty;
    readonly TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
    string _path = "";

    public CertificateTests() => _dynasty = new(line =>
    {
        if (line.EndsWith("takes orders again", StringComparison.Ordinal)) _again.TrySetResult();
    });

    public Task InitializeAsync()
    {
        _path = Certificate.Write(_dynasty.Folder.Path, "shop");
        return _dynasty.Begin();
    }

    public async Task DisposeAsync() => await _dynasty.DisposeAsync();

    SiteOptions Certified => new() { Certificate = _path, Key = _path };

    [Fact]
    public async Task Whoever_cannot_read_a_certificate_that_is_served_does_not_take_the_place()
    {
        await using var gateway = await _dynasty.Start();
        _dynasty.Serve(gateway, Certified);
        await Shake();
        File.WriteAllText(_path, "nonsense");
        (await Should.ThrowAsync<IOException>(_dynasty.Start())).Message.ShouldBe(
            $"The gateway that runs here serves 'shop' with a certificate that this one cannot read: {_path} holds no "
            + "certificate. The other one goes on; mend the file, then start this one again.");
        await _again.Task.WaitAsync(_dynasty.Limit);
        gateway.Succeeded.IsCompleted.ShouldBeFalse();
        await Shake();
    }

    [Fact]
    public async Task One_that_nobody_could_read_before_keeps_nobody_from_the_place()
    {
        File.WriteAllText(_path, "nonsense");
        await using var gateway = await _dynasty.Start();
        _dynasty.Serve(gateway, Certified);
        await using var next = await _dynasty.Start();
        await gateway.Succeeded.WaitAsync(_dynasty.Limit);
    }

    async Task Shake()
    {
        using var socket = await Peer.To(_dynasty.Port);
        var (client, _) = await socket.Secure("shop");
        await client.Send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
        (await client.Answer()).Body.ShouldBe("ok");
    }
}

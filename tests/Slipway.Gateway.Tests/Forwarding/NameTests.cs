using System.Net;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Routing;

namespace Slipway.Gateway.Forwarding;

/// <summary>Instances that are known by a name.</summary>
public sealed class NameTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<string> _told = [];
    int _port;

    [Fact]
    public async Task A_name_that_cannot_be_one_is_answered_and_nothing_waits_for_it()
    {
        await using var rig = new Rig();
        rig.Sites.Tell(Rig.Service, [new Member(Rig.Fleet, "lost", new string('a', 300), 80)]);
        using var client = await rig.Connect(Get);
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
    }

    [Fact]
    public async Task A_name_that_nobody_answers_for_is_given_up_as_an_instance_that_does_not_answer_is()
    {
        await using var plane = Unanswered(WireLimits.Default with { Connect = TimeSpan.FromMilliseconds(100) });
        using var client = await Ask();
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
    }

    [Fact]
    public async Task A_gateway_that_goes_does_not_wait_for_what_does_not_end_when_it_is_cut_off()
    {
        await using var plane = Unanswered(WireLimits.Default with
        {
            Connect = TimeSpan.FromMinutes(5),
            CutTime = TimeSpan.FromMilliseconds(100),
        });
        using var client = await Ask();
        await _asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await plane.DrainAsync(TimeSpan.Zero, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        _told.ShouldBe(["1 connections do not end though they were cut off: nobody waits for them any more"]);
    }

    DataPlane Unanswered(WireLimits limits)
    {
        var sites = new Sites(TimeProvider.System, new byte[32]);
        sites.Put(Rig.Service, new() { Listen = "here" });
        sites.Tell(Rig.Service, [new Member(Rig.Fleet, "named", "instance.example", 80)]);
        sites.Route(Rig.Service, Rig.RouteTo(), 1);
        var plane = new DataPlane(sites, limits, loops: 1)
        {
            Tell = _told.Add,
            Names = _ =>
            {
                _asked.TrySetResult();
                return new TaskCompletionSource<IPAddress[]>().Task;
            },
        };
        _port = plane.Listen(sites.DoorOf("here"), new(IPAddress.Loopback, 0));
        return plane;
    }

    async Task<Peer> Ask()
    {
        var client = await Peer.To(_port);
        await client.Send(Get);
        return client;
    }
}

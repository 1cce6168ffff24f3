using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>What there is when a process may not have many descriptors.</summary>
public sealed class DescriptorTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Fact]
    public void Pipes_take_no_more_than_half_of_what_is_free()
    {
        var descriptors = new Descriptors(Few(8));
        var conduits = new Conduits(descriptors);
        var (first, second) = (conduits.Rent(), conduits.Rent());
        first.ShouldNotBeNull();
        second.ShouldNotBeNull();
        conduits.Rent().ShouldBeNull();
        descriptors.Take(3);
        descriptors.AreThere.ShouldBeTrue();
        descriptors.Take(1);
        descriptors.AreThere.ShouldBeFalse();

        conduits.Return(first);
        descriptors.AreThere.ShouldBeFalse(); // it is kept for the next body
        conduits.DropAll();
        descriptors.AreThere.ShouldBeTrue();
        conduits.Return(second);
        conduits.DropAll();
        descriptors.Return(4);
        descriptors.Take(7);
        descriptors.AreThere.ShouldBeTrue();
    }

    [Fact]
    public void A_pipe_that_still_holds_something_is_closed_and_its_descriptors_are_free()
    {
        var descriptors = new Descriptors(Few(4));
        var conduits = new Conduits(descriptors);
        conduits.Return(conduits.Rent()!);
        var again = conduits.Rent();
        again.ShouldNotBeNull();
        conduits.Rent().ShouldBeNull();
        conduits.Return(again);
        conduits.DropAll();
        conduits.Rent().ShouldNotBeNull();
    }

    [Fact]
    public async Task A_pipe_that_is_idle_makes_room_for_a_request()
    {
        await using var rig = new Rig(Few(8));
        using var first = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        const int Much = 2_000_000;
        var sent = instance.Send($"HTTP/1.1 200 OK\r\nContent-Length: {Much}\r\n\r\n{new string('x', Much)}");
        await first.Head();
        (await first.Drain(Much)).ShouldBe(Much);
        await sent;

        // With the first client and the pipe, three more with a way to the instance each would be one too many.
        using var second = await rig.Connect(Get);
        await instance.Head();
        using var third = await rig.Connect(Get);
        using var another = await rig.Backend.Accept();
        using var fourth = await rig.Connect(Get);
        using var last = await rig.Backend.Accept();
        await last.Head();
        await last.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        (await fourth.Answer()).Body.ShouldBe("ok");
    }

    static WireLimits Few(int descriptors) =>
        WireLimits.Default with { DescriptorsKept = (int)Native.DescriptorsMax() - descriptors };
}

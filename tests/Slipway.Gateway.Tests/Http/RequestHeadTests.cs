namespace Slipway.Gateway.Http;

public sealed class RequestHeadTests
{
    [Fact]
    public void Finds_a_field_whatever_its_case()
    {
        var head = new RequestHead();
        head.Begin("GET / x-user: 7"u8.ToArray(), new(0, 3), new(4, 1), default);
        head.Add(new(6, 6), new(14, 1));

        head.TryGet("X-User"u8, out var value).ShouldBeTrue();
        value.SequenceEqual("7"u8).ShouldBeTrue();
        head.TryGet("x-users"u8, out _).ShouldBeFalse();
    }
}

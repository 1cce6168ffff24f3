namespace Slipway;

public sealed class ListeningTests
{
    [Theory]
    [InlineData("nohost.invalid:7501")]
    [InlineData("abc")]
    [InlineData("*:7501")]
    [InlineData(":7501")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("127.0.0.1")]
    [InlineData(":-1")]
    [InlineData("7501")]
    [InlineData("http://127.0.0.1:7501")]
    [InlineData("127.0.0.1:7501/x")]
    [InlineData("::1:7501")]
    [InlineData("1.2:7501")]
    [InlineData("")]
    public void What_is_no_address_is_refused_with_what_to_write(string text)
    {
        var problem = Listening.Problem(text, hasToken: true).ShouldNotBeNull();
        problem.What.ShouldBe($"\"{text}\" is no address to listen on");
        problem.Advice.ShouldContain("127.0.0.1:7400");
    }

    [Theory]
    [InlineData("127.0.0.1:7400", "http://127.0.0.1:7400/")]
    [InlineData("LocalHost:7400", "http://127.0.0.1:7400/")]
    [InlineData("[::1]:7400", "http://[::1]:7400/")]
    [InlineData("0.0.0.0:7400", "http://127.0.0.1:7400/")]
    [InlineData("[::]:7400", "http://[::1]:7400/")]
    [InlineData("192.0.2.7:7400", "http://192.0.2.7:7400/")]
    public void A_control_plane_asks_itself_where_it_can_be_reached(string text, string url) =>
        Listening.Parse(text)!.OwnUrl(7400).ToString().ShouldBe(url);

    [Theory]
    [InlineData("127.0.0.1:7400", true)]
    [InlineData("127.0.0.9:7400", true)]
    [InlineData("[::1]:7400", true)]
    [InlineData("0.0.0.0:7400", false)]
    [InlineData("[::]:7400", false)]
    [InlineData("192.0.2.7:7400", false)]
    public void Without_a_token_only_this_machine_is_listened_to(string text, bool may)
    {
        Listening.Problem(text, hasToken: true).ShouldBeNull();
        var problem = Listening.Problem(text, hasToken: false);
        (problem is null).ShouldBe(may);
        if (problem is not null) problem.Advice.ShouldContain("SLIPWAY_TOKEN");
    }

    [Theory]
    [InlineData("127.0.0.1:7400", true)]
    [InlineData("localhost:7400", true)]
    [InlineData("*:7400", true)]
    [InlineData("127.0.0.9:7400", false)]
    public void Users_are_not_served_where_the_control_plane_is_asked(string listen, bool meets)
    {
        var plane = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 7400);
        (Addresses.Problem(listen, "no gateway", plane)?.What == $"{listen} is where the control plane itself is asked")
            .ShouldBe(meets);
    }
}

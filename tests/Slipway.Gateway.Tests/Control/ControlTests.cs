using System.Net;
using System.Net.Http.Json;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Support;

namespace Slipway.Gateway.Control;

/// <summary>Orders over the gateway's own socket.</summary>
public sealed class ControlTests : AtDesk
{
    static readonly RouteTable First = new(Target.All(Street.One));
    static readonly RouteTable Second = Street.Split(5, Street.ByCookie());

    Task<HttpStatusCode> Table(RouteTable table, long since) =>
        Desk.Put("/v1/sites/shop/table", new TableOrder(table, since));

    Task<HttpStatusCode> Members(long sequence, params Seq<Member>[] members) =>
        Desk.Put("/v1/sites/shop/members", new MembersOrder(members.SelectMany(all => all).ToSeq(), sequence));

    Fleet Ask()
    {
        var claim = Desk.Sites.Find("shop")!.Claim(Heads.Get("/"), Street.Anybody, Desk.Sites.OpenLane());
        claim.Verdict.ShouldBe(Verdict.Forward);
        claim.Release();
        return claim.Fleet.Fleet;
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Without_the_secret_there_is_nothing_to_see(string? secret)
    {
        Desk.Show(secret);
        (await Desk.Status("/v1/state")).ShouldBe(HttpStatusCode.Unauthorized);
        (await Table(First, 1)).ShouldBe(HttpStatusCode.Unauthorized);
        Desk.Orders.Look("shop").Since.ShouldBe(0);
    }

    [Fact]
    public void Its_files_are_for_their_owner_only()
    {
        foreach (var file in new[] { "gateway.secret", "gateway.sock" })
            File.GetUnixFileMode(Folder.File(file)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_table_and_members_are_obeyed_at_once()
    {
        (await Members(1, Street.Of(Street.One, 1), Street.Of(Street.Two, 1))).ShouldBe(HttpStatusCode.OK);
        (await Table(First, 3)).ShouldBe(HttpStatusCode.OK);
        Ask().ShouldBe(Street.One);
        (await Table(new(Target.All(Street.Two)), 4)).ShouldBe(HttpStatusCode.OK);
        Ask().ShouldBe(Street.Two);
    }

    [Fact]
    public async Task What_is_older_is_refused_and_says_what_was_accepted()
    {
        await Table(Second, 6);
        using var late = await Desk.Send(HttpMethod.Put, "/v1/sites/shop/table", new TableOrder(First, 5));
        late.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await late.Content.ReadFromJsonAsync<Refusal>(JournalFormat.Options))!.Accepted.ShouldBe(6);
        (await Table(Second, 6)).ShouldBe(HttpStatusCode.OK);

        await Members(9, Street.Of(Street.One, 2));
        (await Members(8, Street.Of(Street.Two, 2))).ShouldBe(HttpStatusCode.Conflict);
        (await Members(9, Street.Of(Street.One, 2))).ShouldBe(HttpStatusCode.OK);
        var state = await Desk.Get<SiteState>("/v1/sites/shop");
        state.Table.ShouldBe(Second);
        state.Since.ShouldBe(6);
        state.Members.ShouldBe(Street.Of(Street.One, 2));
        state.Sequence.ShouldBe(9);
    }

    [Fact]
    public async Task A_table_that_cannot_be_served_is_refused_with_a_reason()
    {
        var bad = First with
        {
            Rules = [new("staff", new([new(Subject.Header, "x", Comparison.Regex, ["("])]), Target.All(Street.Two))],
        };
        using var refused = await Desk.Send(HttpMethod.Put, "/v1/sites/shop/table", new TableOrder(bad, 5));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadFromJsonAsync<Refusal>(JournalFormat.Options))!.Error.ShouldContain("'staff'");
        (await Table(First, 4)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/a;b", "shop.example.com", "slipway", "The path")]
    [InlineData("shop", "shop.example.com", "slipway", "The path")]
    [InlineData("/shop", "bücher.example", "slipway", "not the name of a host")]
    [InlineData("/shop", "shop.example.com", "a=b\r\nx: y", "cannot be that of a cookie")]
    public async Task What_would_end_in_a_header_or_a_cookie_is_looked_at(
        string path, string host, string cookie, string why)
    {
        using var site = await Desk.Send(HttpMethod.Put, "/v1/sites/shop",
            new SiteOptions { Path = path, Hosts = [host] });
        using var table = await Desk.Send(HttpMethod.Put, "/v1/sites/shop/table",
            new TableOrder(First with { Affinity = new(Specification.AffinityKey.Cookie, cookie) }, 1));
        HttpResponseMessage[] refused =
            [.. new[] { site, table }.Where(answer => answer.StatusCode == HttpStatusCode.BadRequest)];
        (await refused.ShouldHaveSingleItem().Content.ReadFromJsonAsync<Refusal>(JournalFormat.Options))!
            .Error.ShouldContain(why);
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("127.0.0.1:99999999999")]
    [InlineData("nonsense")]
    public async Task An_address_that_nobody_can_listen_on_is_refused_and_spoils_nothing(string listen)
    {
        (await Desk.Put("/v1/sites/shop", new SiteOptions { Listen = listen })).ShouldBe(HttpStatusCode.BadRequest);
        (await Desk.Put("/v1/sites/cart", new SiteOptions())).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Members_that_cannot_be_told_apart_or_reached_are_refused()
    {
        var one = Street.Of(Street.One, 1);
        (await Members(1, one, one)).ShouldBe(HttpStatusCode.BadRequest);
        (await Members(1, [one[0] with { Port = 0 }])).ShouldBe(HttpStatusCode.BadRequest);
        foreach (var host in new[] { "", "a b", "a:b", new string('a', 300) })
            (await Members(1, [one[0] with { Host = host }])).ShouldBe(HttpStatusCode.BadRequest, host);
        foreach (var host in new[] { "localhost", "my_app.internal", "10.0.0.1", "::1" })
            (await Members(1, [one[0] with { Host = host }])).ShouldBe(HttpStatusCode.OK, host);
        (await Members(1, one)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("a%22b")]
    [InlineData("a%2Fb")]
    public async Task A_name_that_is_none_is_refused(string service) =>
        (await Desk.Put($"/v1/sites/{service}", new SiteOptions())).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task What_is_no_order_is_refused()
    {
        using var nothing = await Desk.Send(HttpMethod.Put, "/v1/sites/shop/table", "nothing");
        nothing.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Desk.Status("/v1/nothing")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("PUT", "", """{"path":null}""", "path is missing")]
    [InlineData("PUT", "", """{"hosts":[null]}""", "hosts[0] is missing")]
    [InlineData("PUT", "", """{"drain":"-00:00:05"}""", "take from nothing to 365 days")]
    [InlineData("PUT", "", """{"timeouts":{"idle":"-00:00:09"}}""", "timeouts.idle of 'shop'")]
    [InlineData("PUT", "", """{"timeouts":{"answer":"00:00:00"}}""", "timeouts.answer of 'shop'")]
    [InlineData("PUT", "", """{"timeouts":{"total":"400.00:00:00"}}""", "timeouts.total of 'shop'")]
    [InlineData("PUT", "/table", """{"table":{"rest":{"is":"hold","atMost":"-00:00:09"}},"since":1}""",
        "A hold takes from nothing to 365 days, not -00:00:09")]
    [InlineData("PUT", "/table", "{}", "table is missing")]
    [InlineData("PUT", "/table", """{"table":{"rest":{"is":"refuse"},"rules":null},"since":1}""",
        "table.rules is missing")]
    [InlineData("PUT", "/members", """{"members":null,"sequence":1}""", "members is missing")]
    [InlineData("POST", "/drain", """{"fleet":1,"within":"-00:00:05"}""", "A drain takes up to 365 days")]
    [InlineData("POST", "/drain", """{"fleet":1,"within":"10675199.02:48:05"}""",
        "A drain takes up to 365 days")]
    public async Task What_an_order_lacks_or_has_too_much_of_is_named(
        string method, string path, string order, string reason)
    {
        var json = System.Text.Json.JsonDocument.Parse(order).RootElement;
        using var refused = await Desk.Send(new(method), $"/v1/sites/shop{path}", json);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain(reason);
    }

    [Fact]
    public async Task A_site_comes_and_goes_and_its_fences_stay()
    {
        var options = new SiteOptions { Listen = "127.0.0.1:8080", Hosts = ["shop.example.com"] };
        (await Desk.Put("/v1/sites/shop", options)).ShouldBe(HttpStatusCode.OK);
        Desk.Sites.Doors.ShouldHaveSingleItem().Listen.ShouldBe("127.0.0.1:8080");
        await Table(First, 7);
        (await Desk.Delete("/v1/sites/shop")).ShouldBe(HttpStatusCode.OK);
        (await Desk.Delete("/v1/sites/shop")).ShouldBe(HttpStatusCode.OK);
        Desk.Sites.Doors.ShouldBeEmpty();
        (await Table(First, 6)).ShouldBe(HttpStatusCode.Conflict);
        (await Table(First, 8)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_drain_answers_when_it_is_done()
    {
        await Members(1, Street.Of(Street.One, 1), Street.Of(Street.Two, 1));
        await Table(First, 3);
        var claim = Desk.Sites.Find("shop")!.Claim(Heads.Get("/"), Street.Anybody, Desk.Sites.OpenLane());
        var instance = claim.Pick(null)!;
        var drain = new DrainOrder(Street.One, instance.Member.Instance);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Desk.Sites.Changed += () => told.TrySetResult();
        var answer = Desk.Send(HttpMethod.Post, "/v1/sites/shop/drain", drain);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30));
        instance.Draining.ShouldBeTrue();
        answer.IsCompleted.ShouldBeFalse();
        instance.Done();
        using var done = await answer.WaitAsync(TimeSpan.FromSeconds(30));
        (await done.Content.ReadFromJsonAsync<DrainAnswer>(JournalFormat.Options)).ShouldBe(new(true, 0));
        claim.Release();

        using var refused = await Desk.Send(HttpMethod.Post, "/v1/sites/shop/drain", new DrainOrder(Street.One, null));
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_drill_reaches_its_share_of_one_fleet_and_ends()
    {
        await Members(1, Street.Of(Street.One, 1));
        await Table(First, 3);
        var order = new InjectOrder(Street.One, Share.Percent(50), TimeSpan.FromMinutes(1)) { Status = 503 };
        using var begun = await Desk.Send(HttpMethod.Post, "/v1/sites/shop/inject", order);
        begun.StatusCode.ShouldBe(HttpStatusCode.OK);
        Injected().ShouldBeInRange(400, 600);
        using var ended = await Desk.Send(HttpMethod.Post, "/v1/sites/shop/inject", order with { Share = Share.None });
        Injected().ShouldBe(0);
        using var unknown = await Desk.Send(HttpMethod.Post, "/v1/sites/shop/inject", order with { Fleet = new(99) });
        unknown.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        int Injected()
        {
            var (site, lane) = (Desk.Sites.Find("shop")!, Desk.Sites.OpenLane());
            return Enumerable.Range(0, 1_000).Count(_ =>
            {
                var claim = site.Claim(Heads.Get("/"), Street.Anybody, lane);
                claim.Release();
                return claim.Injection is { Status: 503 };
            });
        }
    }

    [Fact]
    public async Task Stats_and_metrics_say_what_was_counted()
    {
        await Members(1, Street.Of(Street.One, 1));
        await Table(First, 3);
        var claim = Desk.Sites.Find("shop")!.Claim(Heads.Get("/api/7"), Street.Anybody, Desk.Sites.OpenLane());
        claim.Record(new(200) { Microseconds = 1_500, BytesIn = 10, BytesOut = 59 });
        claim.Release();

        var fleet = (await Desk.Get<GatewayStats>("/v1/stats")).Sites.Single().Fleets.Single();
        fleet.User.Requests.ShouldBe(1);
        fleet.User.Latency.Total.ShouldBe(1);
        fleet.Routes.Single().Route.ShouldBe("GET /api");
        var text = await Desk.Text("/metrics");
        text.ShouldContain("slipway_gateway_requests_total{service=\"shop\",fleet=\"r1\",version=\"1.1\"} 1\n");
        text.ShouldContain(
            "slipway_gateway_latency_seconds_bucket{service=\"shop\",fleet=\"r1\",version=\"1.1\",le=\"0.0025\"} 1\n");
    }

    [Fact]
    public async Task Two_gateways_do_not_share_a_socket() =>
        (await Should.ThrowAsync<IOException>(() => Desk.Open(Folder)))
            .Message.ShouldContain("Another gateway answers");
}

using Slipway.Gates;
using Slipway.Gateway.Routing;
using Slipway.Routing;
using Slipway.Support;

namespace Slipway.Gateway.Telemetry;

/// <summary>What is counted, and by whom it is read.</summary>
public sealed class CounterTests
{
    readonly Street _street = new();
    readonly Counters _counters;

    public CounterTests()
    {
        _street.Route(Street.Split(0));
        _counters = new(_street.Sites);
    }

    FleetStats Fleet => _counters.Read().Sites.Single().Fleets.Single(fleet => fleet.Fleet == Street.One);

    void Record(Exchange exchange, string path = "/", Lane? lane = null)
    {
        var claim = _street.Claim(Heads.Get(path), lane);
        claim.Record(exchange);
        claim.Release();
    }

    [Fact]
    public void Every_kind_of_end_has_its_count()
    {
        Record(new(200) { BytesIn = 3, BytesOut = 59 });
        Record(new(404));
        Record(new(500));
        Record(new(503));
        Record(new(504, Ending.TimedOut));
        Record(new(502, Ending.ConnectFailed));
        Record(new(200, Ending.Broken));
        Record(new(0, Ending.ClientLeft));
        Record(new(200, Ending.ClientLeft));

        var user = Fleet.User;
        user.Requests.ShouldBe(9);
        user.GivenUp.ShouldBe(1);
        user.Classes.ShouldBe([1, 0, 3, 0, 1, 4]);
        user.Errors.ShouldBe(5);
        user.Unanswered.ShouldBe(4);
        user.TimedOut.ShouldBe(1);
        user.ConnectFailed.ShouldBe(1);
        (user.BytesIn, user.BytesOut).ShouldBe((3, 59));
        user.Latency.Total.ShouldBe(7);
    }

    [Fact]
    public void What_no_fleet_got_is_counted_too()
    {
        _street.Route(Slipway.Routing.RouteTable.Closed);
        Record(new(503));
        var site = _counters.Read().Sites.Single();
        site.Unrouted.Requests.ShouldBe(1);
        PrometheusText.Of(_counters.Read())
            .ShouldContain("slipway_gateway_unrouted_total{service=\"shop\"} 1\n");
    }

    [Fact]
    public void A_connection_that_failed_counts_though_the_request_was_answered_elsewhere()
    {
        var claim = _street.Claim(Heads.Get("/"));
        claim.Retries(reached: false);
        claim.Retries(reached: true);
        claim.Record(new(200));
        claim.Release();
        (Fleet.Retries, Fleet.User.ConnectFailed, Fleet.User.Errors).ShouldBe((2, 1, 0));
    }

    [Fact]
    public void What_ends_after_its_service_was_removed_takes_nothing_from_the_one_in_its_place()
    {
        var late = _street.Claim(Heads.Get("/"));
        var held = _street.Site;
        _street.Sites.Remove(Street.Shop);
        _street.Sites.Put("cart", new SiteOptions());
        _street.Sites.Tell("cart", Street.Of(Street.One, 1));
        _street.Sites.Route("cart", new(Target.All(Street.One)), 1);
        var cart = _street.Sites.Find("cart")!.Claim(Heads.Get("/"), Street.Anybody, _street.Lane);
        cart.Record(new(200));
        late.Record(new(200));
        late.Release();
        held.Claim(Heads.Get("/"), Street.Anybody, _street.Lane).Record(new(503)); // held, and claims anew
        Fleet.User.Requests.ShouldBe(1);
        cart.Record(new(200));
        Fleet.User.Requests.ShouldBe(2);
    }

    [Fact]
    public void A_service_that_was_removed_and_comes_back_counts_on_and_is_closed()
    {
        Record(new(200));
        _street.Sites.Remove(Street.Shop);
        _street.Sites.Put(Street.Shop, new SiteOptions());
        var site = _street.Sites.Find(Street.Shop)!;
        site.Claim(Heads.Get("/"), Street.Anybody, _street.Lane).Verdict.ShouldBe(Routing.Verdict.Refuse);
        _street.Tell(Street.Of(Street.One, 2));
        _street.Route(Street.Split(0));
        Record(new(200));
        Fleet.User.Requests.ShouldBe(2);
    }

    [Fact]
    public void Probes_and_copies_are_counted_apart()
    {
        Record(new(500) { Kind = ExchangeKind.Probe });
        Record(new(500) { Kind = ExchangeKind.Shadow });
        Fleet.User.Requests.ShouldBe(0);
        Fleet.Shadow.Errors.ShouldBe(1);
        Fleet.Probes.ShouldBe(1);
    }

    [Fact]
    public void Whoever_looks_at_a_preview_is_no_user()
    {
        Condition asks = new(Subject.Header, "slipway-preview", Comparison.Equal, ["stable"]);
        _street.Route(new(Target.All(Street.Two))
        {
            Rules = [new(Rule.PreviewName, new([asks]), Target.All(Street.One))],
        });
        var claim = _street.Claim(Heads.Get("/", "slipway-preview: stable"));
        claim.Record(new(500));
        claim.Release();
        (Fleet.User.Requests, Fleet.Probes).ShouldBe((0, 1));
    }

    [Fact]
    public void Latencies_are_right_to_two_percent_and_streams_have_none()
    {
        long[] all = [10, 137, 1_000, 4_711, 250_000, 59_999_999];
        foreach (var micros in all) Record(new(200) { Microseconds = micros });
        Record(new(101) { Microseconds = 9_000_000, Streamed = true });
        var bins = Fleet.User.Latency.Bins;
        bins.Count.ShouldBe(all.Length);
        foreach (var (micros, bin) in all.Zip(bins))
            (Histogram.EdgeOf(bin.Bin) * 1000).ShouldBeInRange(micros * 0.999, micros * 1.0201);
    }

    [Fact]
    public void Routes_are_counted_by_method_and_first_segment_and_are_bounded()
    {
        Record(new(200), "/api/orders/7");
        Record(new(200), "/api");
        Record(new(500), "/");
        Fleet.Routes.Select(route => (route.Route, route.Counts.Requests))
            .ShouldBe([("GET /", 1), ("GET /api", 2)]);

        for (var i = 0; i < 500; i++) Record(new(200), $"/{i}/x");
        Fleet.Routes.Count.ShouldBe(Limits.Routes + 1);
        Fleet.Routes.Single(route => route.Route == "other").Counts.Requests.ShouldBe(500 - (Limits.Routes - 2));
        Fleet.User.Requests.ShouldBe(503);
    }

    [Fact]
    public async Task Readers_that_take_differences_lose_nothing_and_count_nothing_twice()
    {
        const int each = 200_000;
        var loops = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() =>
        {
            var (lane, head) = (_street.Sites.OpenLane(), Heads.Get("/"));
            for (var i = 0; i < each; i++)
            {
                var claim = _street.Claim(head, lane);
                claim.Record(new(200) { Microseconds = i % 5_000, BytesOut = 1 });
                claim.Release();
            }
        }, TaskCreationOptions.LongRunning)).ToList();

        var (last, requests, latencies) = (default(FleetCounts), 0L, 0L);
        var writing = Task.WhenAll(loops);
        while (!writing.IsCompleted) Read();
        await writing;
        Read();
        requests.ShouldBe(2 * each);
        latencies.ShouldBe(2 * each);

        void Read()
        {
            var now = Fleet.User.Counts;
            var since = now.Minus(last);
            requests += since.Requests;
            latencies += since.Latency!.Total;
            last = now;
        }
    }

    [Fact]
    public void A_request_costs_no_memory()
    {
        var tables = new[]
        {
            Street.Split(5),
            Street.Split(5, Street.ByCookie()),
            Street.Split(5, Street.ByCookie(Specification.AffinityTo.Instance)),
        };
        foreach (var table in tables)
        {
            _street.Route(table);
            var first = _street.Claim(Heads.Get("/"));
            var cookie = first.HasCookie ? Street.Returned(Street.CookieLine(ref first)) : "Cookie: a=b";
            first.Release();
            var (head, line) = (Heads.Get("/api/x", "Accept: */*", cookie, "User-Agent: test"), new byte[1024]);
            for (var i = 0; i < 200; i++) One(head, line);
            Allocated.By(10_000, () => One(head, line)).ShouldBe(0);
        }

        void One(Http.RequestHead head, byte[] line)
        {
            _street.Lane.Tick();
            var site = _street.Sites.Find(head)!;
            var claim = site.Claim(head, Street.Anybody, _street.Lane);
            var instance = claim.Pick(null)!;
            claim.TookSession("waiting"u8);
            if (claim.HasCookie) claim.WriteCookie(line);
            instance.Answered(200);
            instance.Done();
            claim.Record(new(200) { Microseconds = 812, BytesIn = 100, BytesOut = 59 });
            claim.Release();
        }
    }
}

using Slipway.Support;

namespace Slipway.Gateway.Routing;

/// <summary>Several services on one gateway.</summary>
public sealed class DoorTests
{
    readonly Sites _sites = new(new HandClock(), "secret"u8);

    void Put(string service, string path, params string[] hosts) =>
        _sites.Put(service, new SiteOptions { Listen = "a", Path = path, Hosts = hosts.ToSeq() });

    string? Find(string host, string path) => _sites.DoorOf("a").Find(Heads.Of("GET", path, host))?.Name;

    [Theory]
    [InlineData("shop.example.com", "/", "shop")]
    [InlineData("SHOP.example.com", "/x", "shop")]
    [InlineData("shop.example.com", "/api/v1", "api")]
    [InlineData("shop.example.com", "/api", "api")]
    [InlineData("shop.example.com", "/apis", "shop")]
    [InlineData("eu.shop.example.com", "/", "regions")]
    [InlineData("x.example.com", "/", "wild")]
    [InlineData("example.com", "/", "rest")]
    [InlineData("", "/", "rest")]
    [InlineData("pay.example.com", "/pay/1", "pay")]
    [InlineData("pay.example.com", "/other", "wild")]
    public void The_host_decides_then_the_path(string host, string path, string service)
    {
        Put("rest", "/");
        Put("wild", "/", "*.example.com");
        Put("regions", "/", "*.shop.example.com");
        Put("shop", "/", "shop.example.com", "www.example.com");
        Put("api", "/api/", "shop.example.com");
        Put("pay", "/pay", "pay.example.com");
        Find(host, path).ShouldBe(service);
    }

    [Theory]
    [InlineData("//api/v1", "api")]
    [InlineData("/%61pi/v1", "api")]
    [InlineData("/caf%c3%a9//menu", "cafe")]
    [InlineData("/~me", "home")]
    [InlineData("/api%2fv1", "rest")]
    public void Another_writing_of_the_same_path_leads_to_the_same_service(string path, string service)
    {
        Put("rest", "/");
        Put("api", "/api");
        Put("cafe", "/caf%C3%A9/menu");
        Put("home", "/%7Eme");
        Find("any", path).ShouldBe(service);
    }

    [Fact]
    public void Nobody_is_found_where_nobody_is()
    {
        Put("shop", "/shop", "shop.example.com");
        Find("shop.example.com", "/").ShouldBeNull();
        Find("other", "/shop").ShouldBeNull();
        _sites.DoorOf("b").Find(Heads.Of("GET", "/shop", "shop.example.com")).ShouldBeNull();
    }

    [Fact]
    public void A_door_without_sites_is_none()
    {
        var told = 0;
        _sites.DoorsChanged += () => told++;
        Put("shop", "/");
        _sites.Doors.Select(door => door.Listen).ShouldBe(["a"]);
        _sites.Put("shop", new SiteOptions { Listen = "b" });
        _sites.Doors.Select(door => door.Listen).ShouldBe(["b"]);
        _sites.Remove("shop");
        _sites.Doors.ShouldBeEmpty();
        told.ShouldBe(3);
        Find("a", "/").ShouldBeNull();
    }
}

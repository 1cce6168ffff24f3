using Slipway.Gateway.Routing;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Gateway.Control;

/// <summary>What a gateway knows after it was started again.</summary>
public sealed class RestartTests : IDisposable
{
    static readonly RouteTable Table = Street.Split(5, Street.ByCookie()) with
    {
        Rules = [new("staff", new([new(Subject.Client, "", Comparison.InNetwork, ["10.0.0.0/8"])]),
            new Target.Hold(TimeSpan.FromSeconds(3)))],
        Mirror = new(Street.Three, Share.Percent(10), ["GET"]),
    };

    readonly TemporaryFolder _folder = new();

    string File => _folder.File("sites/shop.json");

    public void Dispose() => _folder.Dispose();

    (Sites Sites, Orders Orders) Start(string boot = "first boot")
    {
        var sites = new Sites(TimeProvider.System, "secret"u8);
        return (sites, new Orders(sites, new StateFolder(_folder.File("sites"), () => boot)));
    }

    void Write(string text)
    {
        Directory.CreateDirectory(_folder.File("sites"));
        System.IO.File.WriteAllText(File, text);
    }

    void Fill()
    {
        var (_, orders) = Start();
        orders.Put("shop", new SiteOptions { Listen = "127.0.0.1:8080", Path = "/shop" });
        orders.Route("shop", new(Table, 7));
        orders.Tell("shop", new(Street.Of(Street.One, 2), 12));
    }

    static Verdict Ask(Sites sites) =>
        sites.Find("shop")!.Claim(Heads.Get("/shop"), Street.Anybody, sites.OpenLane()).Verdict;

    [Fact]
    public void It_serves_before_anybody_has_told_it_anything()
    {
        Fill();
        var (sites, orders) = Start();
        Ask(sites).ShouldBe(Verdict.Forward);
        sites.Doors.Single().Listen.ShouldBe("127.0.0.1:8080");
        orders.Look("shop").Table.ShouldBe(Table);
        orders.Trouble.ShouldBeNull();
    }

    [Fact]
    public void It_still_refuses_what_is_older()
    {
        Fill();
        var (_, orders) = Start();
        Should.Throw<OutdatedException>(() => orders.Route("shop", new(Table, 6))).Accepted.ShouldBe(7);
        Should.Throw<OutdatedException>(() => orders.Tell("shop", new([], 11))).Accepted.ShouldBe(12);
        orders.Remove("shop");
        Should.Throw<OutdatedException>(() => Start().Orders.Route("shop", new(Table, 6)));
    }

    [Fact]
    public void After_a_reboot_members_wait_until_they_are_told_anew()
    {
        Fill();
        var (sites, orders) = Start("second boot");
        Ask(sites).ShouldBe(Verdict.Hold);
        orders.Look("shop").Confirmed.ShouldBeFalse();
        Should.Throw<OutdatedException>(() => orders.Tell("shop", new([], 11)));
        orders.Tell("shop", new(Street.Of(Street.One, 2), 12));
        Ask(sites).ShouldBe(Verdict.Forward);
        Ask(Start("second boot").Sites).ShouldBe(Verdict.Forward);
    }

    [Fact]
    public void A_state_of_a_newer_gateway_is_refused_and_left_alone()
    {
        const string newer = """{"format":2,"site":"something else"}""";
        Write(newer);
        Should.Throw<StateFormatException>(() => Start()).Message.ShouldContain("format 2, this one reads up to 1");
        System.IO.File.ReadAllText(File).ShouldBe(newer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"format":0}""")]
    [InlineData("""{"format":1,"boot":"x"}""")]
    [InlineData("""{"format":1,"boot":"x","site":{"service":"other"}}""")]
    [InlineData("""{"format":1,"boot":"x","site":{"service":"shop","since":"seven"}}""")]
    [InlineData("""{"format":1,"boot":"x","site":{"service":"shop","table":{"rest":{"is":"elsewhere"}}}}""")]
    [InlineData("""{"format":1,"boot":"x","site":{"service":"shop","table":null}}""")]
    [InlineData("""{"format":1,"boot":"x","site":{"service":"shop","table":{"rest":null}}}""")]
    [InlineData("""{"format":1,"boot":"x","site":{"service":"shop","members":[null]}}""")]
    [InlineData("""{"format":1,"boot":"x","site":{"service":"shop","options":{"path":null}}}""")]
    public void A_damaged_state_is_put_aside_and_said(string text)
    {
        Write(text);
        var (sites, orders) = Start();
        sites.All.ShouldBeEmpty();
        orders.Trouble!.ShouldContain("was damaged and lies at");
        System.IO.File.ReadAllText($"{File}.damaged").ShouldBe(text);
        orders.Put("shop", new SiteOptions());
        Start().Orders.Trouble.ShouldBeNull();
    }

    [Fact]
    public void A_half_of_a_file_that_a_crash_has_left_is_not_read()
    {
        Fill();
        System.IO.File.WriteAllText($"{File}.new", "{");
        Ask(Start().Sites).ShouldBe(Verdict.Forward);
    }

    [Fact]
    public void A_state_that_cannot_be_kept_does_not_keep_traffic_from_moving()
    {
        Fill();
        var (sites, orders) = Start();
        Directory.CreateDirectory($"{File}.new"); // stands where the file is written
        orders.Route("shop", new(RouteTable.Closed, 9));
        Ask(sites).ShouldBe(Verdict.Refuse);
        orders.Trouble!.ShouldContain("could not be kept");
        Directory.Delete($"{File}.new");
        orders.Put("other", new SiteOptions()); // what is told of one is an occasion to keep the others
        orders.Trouble.ShouldBeNull();
        Start().Orders.Look("shop").Since.ShouldBe(9);
    }

    [Fact]
    public void What_is_damaged_of_one_service_does_not_keep_the_others_from_being_served()
    {
        Fill();
        System.IO.File.WriteAllText(_folder.File("sites/other.json"), "{");
        var (sites, orders) = Start();
        Ask(sites).ShouldBe(Verdict.Forward);
        orders.Trouble!.ShouldContain("other.json was damaged");
    }

    [Fact]
    public void A_secret_that_others_may_read_is_refused()
    {
        var path = _folder.File("secret");
        Secret.ReadOrCreate(path).Text.ShouldBe(Secret.ReadOrCreate(path).Text);
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Should.Throw<SecretException>(() => Secret.Read(path)).Message.ShouldContain("chmod 600");
    }
}

using System.Net;
using Slipway.Gateway.Http;
using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>What conditions see of a request.</summary>
public sealed class RuleTests
{
    readonly Street _street = new();

    bool Matches(Condition condition, RequestHead head, string client = "192.0.2.7")
    {
        _street.Route(new(Target.All(Street.One)) { Rules = [new("rule", new([condition]), Target.All(Street.Two))] });
        var claim = _street.Site.Claim(head, new(Address.From(IPAddress.Parse(client)), false), _street.Lane);
        claim.Release();
        return claim.Fleet.Fleet == Street.Two;
    }

    static Condition Of(Subject subject, string name, Comparison comparison, params string[] values) =>
        new(subject, name, comparison, values.ToSeq());

    [Theory]
    [InlineData(Comparison.Equal, "vip", "vip", true)]
    [InlineData(Comparison.Equal, "vip", "VIP", false)]
    [InlineData(Comparison.In, "a,vip", "vip", true)]
    [InlineData(Comparison.In, "a,b", "vip", false)]
    [InlineData(Comparison.Prefix, "beta-", "beta-7", true)]
    [InlineData(Comparison.Prefix, "beta-", "beta", false)]
    [InlineData(Comparison.Suffix, "-7", "beta-7", true)]
    [InlineData(Comparison.Suffix, "-7", "7", false)]
    [InlineData(Comparison.Regex, "^b.t[ab]", "beta", true)]
    [InlineData(Comparison.Regex, "^b.t[ab]$", "betas", false)]
    [InlineData(Comparison.Regex, "^ü$", "ü", true)]
    [InlineData(Comparison.Exists, "", "", true)]
    public void A_header_is_compared(Comparison comparison, string values, string sent, bool matches)
    {
        var condition = Of(Subject.Header, "user-segment", comparison, values.Split(','));
        Matches(condition, Heads.Get("/", $"User-Segment: {sent}")).ShouldBe(matches);
        Matches(condition with { Not = true }, Heads.Get("/", $"User-Segment: {sent}")).ShouldBe(!matches);
        Matches(condition, Heads.Get("/", "Other: beta-7")).ShouldBeFalse();
    }

    [Fact]
    public void Any_of_several_fields_of_one_name_is_enough() =>
        Matches(Of(Subject.Header, "segment", Comparison.Equal, "vip"), Heads.Get("/", "Segment: a", "segment: vip"))
            .ShouldBeTrue();

    [Theory]
    [InlineData("beta=1", true)]
    [InlineData("a=b; beta=1", true)]
    [InlineData("a=b;beta=1; c=d", true)]
    [InlineData("xbeta=1", false)]
    [InlineData("betas=1", false)]
    [InlineData("beta=11", false)]
    [InlineData("beta", false)]
    public void A_cookie_is_compared(string sent, bool matches) =>
        Matches(Of(Subject.Cookie, "beta", Comparison.Equal, "1"), Heads.Get("/", $"Cookie: {sent}"))
            .ShouldBe(matches);

    [Theory]
    [InlineData("/?beta=1", "1", true)]
    [InlineData("/?a=b&beta=1&c", "1", true)]
    [InlineData("/?beta=x%20y+z", "x y z", true)]
    [InlineData("/?beta=%zz", "%zz", true)]
    [InlineData("/?xbeta=1", "1", false)]
    [InlineData("/beta=1", "1", false)]
    public void A_part_of_the_query_is_compared(string target, string value, bool matches) =>
        Matches(Of(Subject.Query, "beta", Comparison.Equal, value), Heads.Get(target)).ShouldBe(matches);

    [Fact]
    public void A_part_of_the_query_may_be_there_without_a_value() =>
        Matches(Of(Subject.Query, "beta", Comparison.Exists), Heads.Get("/?a=1&beta")).ShouldBeTrue();

    [Fact]
    public void Method_and_path_are_compared()
    {
        Matches(Of(Subject.Method, "", Comparison.In, "POST", "PUT"), Heads.Of("PUT", "/", "a")).ShouldBeTrue();
        Matches(Of(Subject.Method, "", Comparison.In, "POST", "PUT"), Heads.Get("/")).ShouldBeFalse();
        Matches(Of(Subject.Path, "", Comparison.Prefix, "/beta"), Heads.Get("/beta/x?y=1")).ShouldBeTrue();
        Matches(Of(Subject.Path, "", Comparison.Prefix, "/beta"), Heads.Get("/x/beta")).ShouldBeFalse();
        Matches(Of(Subject.Path, "", Comparison.Prefix, "/beta"), Heads.Get("//b%65ta/x")).ShouldBeTrue();
        Matches(Of(Subject.Path, "", Comparison.Equal, "/%7eme"), Heads.Get("/~me")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.200.3.4", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "192.0.2.8", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:7::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    public void A_client_is_in_a_network(string network, string client, bool matches) =>
        Matches(Of(Subject.Client, "", Comparison.InNetwork, network), Heads.Get("/"), client).ShouldBe(matches);

    [Fact]
    public void All_conditions_of_a_rule_must_hold_and_the_first_rule_wins()
    {
        var header = Of(Subject.Header, "a", Comparison.Exists);
        _street.Route(new(Target.All(Street.One))
        {
            Rules =
            [
                new("both", new([header, Of(Subject.Method, "", Comparison.Equal, "POST")]), new Target.Refuse()),
                new("one", new([header]), Target.All(Street.Two)),
                new("late", Match.Everything, new Target.Hold(TimeSpan.FromSeconds(1))),
            ],
        });
        _street.Claim(Heads.Of("POST", "/", "x", "A: 1")).Verdict.ShouldBe(Verdict.Refuse);
        _street.Ask(Heads.Get("/", "A: 1")).ShouldBe(Street.Two);
        _street.Claim(Heads.Get("/")).Verdict.ShouldBe(Verdict.Hold);
    }

    [Theory]
    [InlineData(Subject.Header, Comparison.Regex, "(a")]
    [InlineData(Subject.Header, Comparison.Regex, "(?=a)")]
    [InlineData(Subject.Client, Comparison.InNetwork, "10.0.0.0/33")]
    [InlineData(Subject.Client, Comparison.Equal, "10.0.0.1")]
    public void A_table_that_cannot_be_served_is_refused_and_the_old_one_stays(
        Subject subject, Comparison comparison, string value)
    {
        _street.Route(new(Target.All(Street.One)));
        Should.Throw<RouteTableException>(() => Matches(Of(subject, "x", comparison, value), Heads.Get("/")))
            .Message.ShouldContain("Rule 'rule'");
        _street.Ask(Heads.Get("/")).ShouldBe(Street.One);
    }
}

using System.Text;

namespace Slipway.Gateway.Routing;

/// <summary>The cookie that knows a user again.</summary>
public sealed class CookieTests
{
    readonly Street _street = new();

    public CookieTests() => _street.Route(Street.Split(50, Street.ByCookie()));

    [Fact]
    public void A_user_without_a_cookie_gets_one_that_keeps_its_side()
    {
        for (var i = 0; i < 50; i++)
        {
            var first = _street.Claim(Heads.Get("/"));
            first.HasCookie.ShouldBeTrue();
            var cookie = Street.Returned(Street.CookieLine(ref first));
            first.Release();

            var second = _street.Claim(Heads.Get("/", cookie));
            second.HasCookie.ShouldBeFalse();
            second.Fleet.ShouldBe(first.Fleet);
            second.Release();
        }
    }

    [Fact]
    public void It_is_kept_from_scripts_and_from_other_sites()
    {
        var claim = _street.Claim(Heads.Get("/"));
        var line = Street.CookieLine(ref claim);
        line.ShouldStartWith("Set-Cookie: slipway=1");
        line.ShouldEndWith("; Path=/; Max-Age=10800; HttpOnly; SameSite=Lax\r\n");
    }

    [Fact]
    public void Under_tls_it_is_for_tls_only()
    {
        var claim = _street.Site.Claim(Heads.Get("/"), Street.Anybody with { Secure = true }, _street.Lane);
        Street.CookieLine(ref claim).ShouldEndWith("; HttpOnly; SameSite=Lax; Secure\r\n");
    }

    [Fact]
    public void A_cookie_changed_anywhere_counts_as_none()
    {
        var claim = _street.Claim(Heads.Get("/"));
        claim.TookSession("active"u8);
        var cookie = Street.Returned(Street.CookieLine(ref claim));
        var value = cookie.IndexOf('=', StringComparison.Ordinal) + 1;
        for (var at = value; at < cookie.Length; at++)
        {
            var forged = cookie.ToCharArray();
            forged[at] = forged[at] == '0' ? '1' : '0';
            var again = _street.Claim(Heads.Get("/", new string(forged)));
            again.HasCookie.ShouldBeTrue($"changed at {at}");
            again.Release();
        }
    }

    [Theory]
    [InlineData("Cookie: slipway=")]
    [InlineData("Cookie: slipway=1")]
    [InlineData("Cookie: slipway=admin; other=1")]
    [InlineData("Cookie: slipway")]
    public void What_is_no_cookie_of_ours_counts_as_none(string field) =>
        _street.Claim(Heads.Get("/", field)).HasCookie.ShouldBeTrue();

    [Fact]
    public void A_cookie_of_another_service_or_another_secret_counts_as_none()
    {
        var key = SipHash.Derived("a secret of some length"u8, "cookie of shop");
        var others = new[]
        {
            SipHash.Derived("a secret of some length"u8, "cookie of store"),
            SipHash.Derived("another secret"u8, "cookie of shop"),
        };
        var cookie = new UserCookie(7, _street.Lane.Seconds, 0, SessionWord.None);
        _street.Claim(Heads.Get("/", Field(cookie, key))).HasCookie.ShouldBeFalse();
        foreach (var other in others)
            _street.Claim(Heads.Get("/", Field(cookie, other))).HasCookie.ShouldBeTrue();
    }

    [Fact]
    public void What_was_written_is_read()
    {
        var key = SipHash.Salted("key");
        SessionWord.TryRead("checkout-2"u8, out var word).ShouldBeTrue();
        var cookie = new UserCookie(ulong.MaxValue - 5, 1_800_000_000, 4711, word);
        var text = new byte[UserCookie.LengthMax];
        UserCookie.TryRead(text.AsSpan(0, cookie.Write(text, key)), key, out var read).ShouldBeTrue();
        read.ShouldBe(cookie);
        read.Session.ToString().ShouldBe("checkout-2");
    }

    [Fact]
    public void It_ends_with_its_time_and_is_renewed_before_for_those_who_keep_coming()
    {
        var claim = _street.Claim(Heads.Get("/"));
        var cookie = Street.Returned(Street.CookieLine(ref claim));

        _street.Pass(TimeSpan.FromHours(2));
        var later = _street.Claim(Heads.Get("/", cookie));
        later.HasCookie.ShouldBeTrue();
        later.Fleet.ShouldBe(claim.Fleet);
        var renewed = Street.Returned(Street.CookieLine(ref later));
        Id(renewed).ShouldBe(Id(cookie));

        _street.Pass(TimeSpan.FromHours(2));
        Id(NextCookie(cookie)).ShouldNotBe(Id(cookie));
        Id(NextCookie(renewed)).ShouldBe(Id(cookie));

        string NextCookie(string sent)
        {
            var next = _street.Claim(Heads.Get("/", sent));
            return next.HasCookie ? Street.Returned(Street.CookieLine(ref next)) : sent;
        }
    }

    [Fact]
    public void The_hash_is_SipHash_2_4()
    {
        // The first and the last of the reference's vectors: key 00..0f, input of 0 and of 63 bytes counting up.
        var key = new SipHash(0x0706050403020100, 0x0f0e0d0c0b0a0908);
        var input = Enumerable.Range(0, 64).Select(i => (byte)i).ToArray();
        key.Of(input.AsSpan(0, 0)).ShouldBe(0x726fdb47dd0e0e31UL);
        key.Of(input.AsSpan(0, 8)).ShouldBe(0x93f5f5799a932462UL);
        key.Of(input.AsSpan(0, 15)).ShouldBe(0xa129ca6149be45e5UL);
        key.Of(input.AsSpan(0, 63)).ShouldBe(0x958a324ceb064572UL);
    }

    static string Id(string cookie) => cookie["Cookie: slipway=".Length..][1..17];

    static string Field(UserCookie cookie, SipHash key)
    {
        var text = new byte[UserCookie.LengthMax];
        return "Cookie: slipway=" + Encoding.ASCII.GetString(text, 0, cookie.Write(text, key));
    }
}

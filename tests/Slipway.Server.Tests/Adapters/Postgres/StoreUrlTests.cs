using Slipway.Adapters.Postgres;

namespace Slipway.Tests.Adapters.Postgres;

public sealed class StoreUrlTests
{
    static StoreUrl Parse(string text) => StoreUrl.Parse(text, name => name switch
    {
        "PASSWORD" => "p@ss/w:rd?&",
        "WHOLE" => "postgres://ann:hidden@db.example.com/slipway",
        _ => null,
    });

    static string Refusal(string text) => Should.Throw<FormatException>(() => Parse(text)).Message;

    [Theory]
    [InlineData("postgres://ann:secret@db.example.com:5433/slipway", "postgres://ann@db.example.com:5433/slipway")]
    [InlineData("postgresql://ann@db.example.com/slipway", "postgres://ann@db.example.com:5432/slipway")]
    [InlineData("postgres://ann:a@b@db.example.com/slipway", "postgres://ann@db.example.com:5432/slipway")]
    [InlineData("postgres://ann:${PASSWORD}@db.example.com/slipway", "postgres://ann@db.example.com:5432/slipway")]
    [InlineData("postgres://ann@[::1]:5433/slipway", "postgres://ann@[::1]:5433/slipway")]
    [InlineData("postgres://ann@/slipway?host=/run/postgresql", "postgres://ann@/slipway?host=/run/postgresql")]
    [InlineData("${WHOLE}", "postgres://ann@db.example.com:5432/slipway")]
    public void It_is_shown_without_the_password(string said, string shown)
    {
        Parse(said).Shown.ShouldBe(shown);
        $"{Parse(said)}".ShouldBe(shown);
    }

    [Fact]
    public void A_password_from_a_variable_is_taken_as_it_is_and_one_in_the_address_is_unescaped()
    {
        PasswordOf("postgres://ann:${PASSWORD}@db/slipway").ShouldBe("p@ss/w:rd?&");
        PasswordOf("postgres://ann:p%40ss%2Fw@db/slipway").ShouldBe("p@ss/w");
    }

    [Theory]
    [InlineData("verify-full", "VerifyFull")]
    [InlineData("require", "Require")]
    public void Options_for_tls_are_passed_on(string said, string meant)
    {
        using var source = Parse($"postgres://ann@db/slipway?sslmode={said}&sslrootcert=/etc/ca.pem").Open(_ => { });
        source.ConnectionString.ShouldContain($"SSL Mode={meant}");
        source.ConnectionString.ShouldContain("Root Certificate=/etc/ca.pem");
    }

    [Theory]
    [InlineData("shop.db")]
    [InlineData("mysql://ann:secret@db/slipway")]
    [InlineData("postgres://ann:secret@db:54x2/slipway")]
    [InlineData("postgres://ann:secret@db")]
    [InlineData("postgres://ann:secret@db/slipway?sslmode=perhaps")]
    [InlineData("postgres://ann:secret@db/slipway?color=red")]
    [InlineData("postgres://ann:${MISSING}secret@db/slipway")]
    public void What_is_no_address_is_refused_with_what_to_write_and_without_its_secret(string said)
    {
        Refusal(said).ShouldStartWith("the store");
        Refusal(said).ShouldNotContain("secret");
    }

    [Fact]
    public void A_variable_that_is_not_set_is_named() => Refusal("postgres://ann:${MISSING}@db/slipway").ShouldBe(
        "the store names ${MISSING}, which is not set. Set MISSING where slipway up is started.");

    static string? PasswordOf(string said)
    {
        string? password = null;
        using var source = Parse(said).Open(options => password = options.Password);
        return password;
    }
}

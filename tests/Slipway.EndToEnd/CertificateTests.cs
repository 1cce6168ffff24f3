using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.EndToEnd;

/// <summary>A service that wants TLS, and the files that it names.</summary>
public sealed class CertificateTests
{
    static readonly Released Secure = Released.App.Where(
        "listen: LISTEN, drain", "listen: LISTEN, tls: { certificate: shop.pem, key: shop.key }, drain");

    [Fact]
    public async Task Without_its_certificate_nothing_is_launched_and_one_that_breaks_is_told()
    {
        await using var machine = new Machine(Secure, "1.0");
        using var http = new HttpClient();
        await machine.Up();
        var refused = await machine.Run("deploy", "1.0");
        refused.Code.ShouldNotBe(0);
        refused.Error.ShouldContain(
            $"slipway.yaml:13: the certificate {Path.Combine(machine.Folder, "shop.pem")} does not exist");
        machine.Processes("--version").ShouldBeEmpty();

        Write(machine.Folder);
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        Write(machine.Folder, withKey: false);
        var told = await machine.Until("word of the key", service => service.Notice is not null);
        told.Notice!.ShouldContain("shop.key does not belong to the certificate ");
        told.Notice!.ShouldContain("the certificate from before is served still");
        (await machine.Run("status")).Out.ShouldContain("does not belong to");
        (await http.GetStringAsync($"{machine.Url}/metrics"))
            .ShouldContain("slipway_gateway_certificate_usable{service=\"shop\"} 0");

        Write(machine.Folder);
        await machine.Until("that it is well again", service => service.Notice is null);
    }

    static void Write(string folder, bool withKey = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shop", key, HashAlgorithmName.SHA256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "shop.pem"), certificate.ExportCertificatePem());
        if (withKey) File.WriteAllText(Path.Combine(folder, "shop.key"), key.ExportPkcs8PrivateKeyPem());
    }
}

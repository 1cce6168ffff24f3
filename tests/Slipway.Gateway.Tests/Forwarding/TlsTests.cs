using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Gateway.Forwarding;

public sealed class TlsTests : IDisposable
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Requests_come_through_tls_and_the_instance_hears_of_it()
    {
        await using var rig = new Rig(options: Certified("a.example"));
        using var socket = await rig.Connect();
        var (client, tls) = await socket.Secure(
            "a.example", SslApplicationProtocol.Http11);
        tls.NegotiatedApplicationProtocol.ShouldBe(SslApplicationProtocol.Http11);
        tls.SslProtocol.ShouldBe(SslProtocols.Tls13);
        await client.Send(Get + Get);
        using var instance = await rig.Backend.Accept();
        for (var i = 0; i < 2; i++)
        {
            (await instance.Head()).ShouldContain("\r\nX-Forwarded-Proto: https\r\n");
            await instance.Send(Ok);
            (await client.Answer()).Body.ShouldBe("ok");
        }
    }

    [Theory]
    [InlineData(Http2Use.Tls, "h2")]
    [InlineData(Http2Use.Always, "h2")]
    [InlineData(Http2Use.Off, "http/1.1")]
    public async Task Http_2_is_offered_unless_the_service_says_otherwise(Http2Use use, string chosen)
    {
        await using var rig = new Rig(options: Certified("a.example") with { Http2 = use });
        using var socket = await rig.Connect();
        var (_, tls) = await socket.Secure("a.example", SslApplicationProtocol.Http11, SslApplicationProtocol.Http2);
        tls.NegotiatedApplicationProtocol.ToString().ShouldBe(chosen);
    }

    [Fact]
    public async Task Large_bodies_come_through_both_ways_unchanged()
    {
        var body = RandomNumberGenerator.GetBytes(3_000_000);
        await using var rig = new Rig(options: Certified("a.example"));
        using var socket = await rig.Connect();
        var (client, _) = await socket.Secure("a.example");
        await client.Send($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length}\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        var sent = client.Send(body);
        System.Text.Encoding.Latin1.GetBytes(await instance.Exactly(body.Length)).SequenceEqual(body).ShouldBeTrue();
        await sent;
        await instance.Send($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n");
        sent = instance.Send(body);
        await client.Head();
        System.Text.Encoding.Latin1.GetBytes(await client.Exactly(body.Length)).SequenceEqual(body).ShouldBeTrue();
        await sent;
    }

    [Fact]
    public async Task A_new_certificate_is_served_without_a_restart_and_open_connections_go_on()
    {
        var options = Certified("a.example");
        await using var rig = new Rig(options: options);
        using var old = await rig.Connect();
        var (before, tls) = await old.Secure("a.example");
        var first = tls.RemoteCertificate!.GetCertHashString();

        Write("a.example");
        rig.Sites.Put(Rig.Service, options with { Listen = "here" });
        using var fresh = await rig.Connect();
        var (_, again) = await fresh.Secure("a.example");
        again.RemoteCertificate!.GetCertHashString().ShouldNotBe(first);

        await before.Send(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(Ok);
        (await before.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task A_changed_file_is_noticed_by_itself()
    {
        await using var rig = new Rig(
            WireLimits.Default with { CertificateCheck = TimeSpan.FromMilliseconds(50) },
            options: Certified("a.example"));
        var first = await Hash(rig);
        Write("a.example");
        for (var left = 1_000; await Hash(rig) == first; left--) left.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_broken_file_leaves_the_certificate_that_was_there()
    {
        await using var rig = new Rig(options: Certified("a.example"));
        var first = await Hash(rig);
        File.WriteAllText(Path.Combine(_folder.Path, "a.example.pem"), "nonsense");
        rig.Tell();
        (await Hash(rig)).ShouldBe(first);
        rig.Plane.Troubles.ShouldHaveSingleItem().ShouldContain("a.example.pem");
    }

    [Fact]
    public async Task Each_name_has_its_own_certificate()
    {
        await using var rig = new Rig(options: Certified("a.example") with { Hosts = ["a.example"] });
        rig.Sites.Put("other", Certified("*.b.example") with { Hosts = ["*.b.example"], Listen = "here" });
        foreach (var (host, name) in new (string, string)[]
            { ("a.example", "a.example"), ("x.b.example", "*.b.example") })
            (await Subject(rig, host)).ShouldBe($"CN={name}");
    }

    /// <summary>A restart puts the sites in another order, and must not change what a client sees.</summary>
    [Fact]
    public async Task Whoever_asks_for_no_known_name_gets_the_same_certificate_whatever_was_put_first()
    {
        await using var rig = new Rig(options: Certified("a.example") with { Hosts = ["a.example"] });
        rig.Sites.Put("bakery", Certified("b.example") with { Hosts = ["b.example"], Listen = "here" });
        (await Subject(rig, "unknown")).ShouldBe("CN=b.example");
        rig.Sites.Put("zoo", Certified("z.example") with { Listen = "here" });
        (await Subject(rig, "unknown")).ShouldBe("CN=z.example");
    }

    [Fact]
    public async Task A_certificate_that_is_renewed_behind_links_is_noticed()
    {
        var (links, now) = (Directory.CreateDirectory(Path.Combine(_folder.Path, "links")).FullName, "");
        Renew("first");
        File.CreateSymbolicLink(Path.Combine(links, "tls.pem"), "..data/tls.pem");
        var path = Path.Combine(links, "tls.pem");
        await using var rig = new Rig(options: new() { Certificate = path, Key = path });
        var first = await Hash(rig);
        Renew("second");
        rig.Tell();
        var second = await Hash(rig);
        second.ShouldNotBe(first);
        File.Move(Write("a.example"), now, overwrite: true);
        rig.Tell();
        (await Hash(rig)).ShouldNotBe(second);

        // As Kubernetes does it: a folder for each, and a link to the one that holds.
        void Renew(string folder)
        {
            now = Path.Combine(Directory.CreateDirectory(Path.Combine(links, folder)).FullName, "tls.pem");
            File.Move(Write("a.example"), now);
            var data = Path.Combine(links, "..data");
            if (Directory.Exists(data)) Directory.Delete(data);
            Directory.CreateSymbolicLink(data, folder);
        }
    }

    [Fact]
    public async Task Clear_text_is_not_answered_where_a_certificate_is()
    {
        await using var rig = new Rig(options: Certified("a.example"));
        using var client = await rig.Connect(Get);
        (await client.ToBreak()).ShouldNotContain("HTTP/");
        rig.Backend.HasPending.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_a_readable_certificate_nobody_is_served_in_clear_text()
    {
        await using var rig = new Rig(options: new SiteOptions { Certificate = "missing.pem", Key = "missing.pem" });
        using var client = await rig.Connect(Get);
        (await client.ToBreak()).ShouldBeEmpty();
        rig.Plane.Troubles.ShouldHaveSingleItem().ShouldContain("missing.pem");
    }

    [Fact]
    public async Task What_is_wrong_with_a_certificate_is_told_once_and_that_it_is_well_again()
    {
        var options = Certified("a.example");
        var told = new List<string>();
        var sites = new Sites(TimeProvider.System, new byte[32]);
        sites.Put(Rig.Service, options with { Listen = "here" });
        await using var plane = new DataPlane(sites, loops: 1) { Tell = told.Add };
        plane.Listen(sites.DoorOf("here"), new(System.Net.IPAddress.Loopback, 0));
        var good = File.ReadAllText(options.Certificate!);

        File.WriteAllText(options.Certificate!, "nonsense");
        sites.Tell(Rig.Service, []);
        sites.Tell(Rig.Service, []);
        told.ShouldBe([$"{options.Certificate} holds no certificate: at here the certificate from before is served "
            + "still"]);
        sites.Find(Rig.Service)!.CertificateTrouble.ShouldBe(told[0]);

        File.WriteAllText(options.Certificate!, good);
        sites.Tell(Rig.Service, []);
        told[1..].ShouldBe(["the certificates of here are well again"]);
        sites.Find(Rig.Service)!.CertificateTrouble.ShouldBeNull();
    }

    [Fact]
    public void A_certificate_and_a_key_say_what_is_wrong_with_them()
    {
        var (one, other) = (Write("a.example"), Write("b.example"));
        CertificateFiles.Problem(one, one).ShouldBeNull();
        CertificateFiles.Problem(one, other)!.What.ShouldBe(
            $"the key {other} does not belong to the certificate {one}");
        CertificateFiles.Problem(one, one + ".key")!.What.ShouldBe($"the key {one}.key does not exist");
        CertificateFiles.Problem(one + ".pem", one)!.OfKey.ShouldBeFalse();
        File.WriteAllText(other, "nonsense");
        CertificateFiles.Problem(one, other)!.What.ShouldBe($"{other} holds no key");
        CertificateFiles.Problem(other, one)!.What.ShouldBe($"{other} holds no certificate");
    }

    [Fact]
    public async Task A_handshake_that_never_ends_is_given_up()
    {
        await using var rig = new Rig(
            WireLimits.Default with { Handshake = TimeSpan.FromMilliseconds(100) }, options: Certified("a.example"));
        using var client = await rig.Connect("\x16\x03\x01");
        (await client.ToBreak()).ShouldBeEmpty();
    }

    static async Task<string> Subject(Rig rig, string host)
    {
        using var socket = await rig.Connect();
        var (_, tls) = await socket.Secure(host);
        return tls.RemoteCertificate!.Subject;
    }

    static async Task<string> Hash(Rig rig)
    {
        using var socket = await rig.Connect();
        var (_, tls) = await socket.Secure("a.example");
        return tls.RemoteCertificate!.GetCertHashString();
    }

    SiteOptions Certified(string name)
    {
        var path = Write(name);
        return new() { Certificate = path, Key = path };
    }

    string Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var path = Path.Combine(_folder.Path, $"{name.Replace("*", "any", StringComparison.Ordinal)}.pem");
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return path;
    }
}

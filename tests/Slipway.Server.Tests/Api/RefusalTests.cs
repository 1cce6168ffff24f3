using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Api;

/// <summary>Whatever is sent, the answer is one of ours: a problem in words, and nothing has changed.</summary>
public sealed class RefusalTests
{
    const string Shop = "/api/v1/services/shop";

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "version": null }""")]
    public async Task A_deploy_without_a_version_is_refused_and_the_service_is_looked_after_as_before(string body)
    {
        await using var desk = await Reception.Open();
        await desk.Live();
        var (status, problem, _) = await desk.Post($"{Shop}/releases", body);
        (status, problem!.Title).ShouldBe((400, "say which version"));
        problem.Advice.ShouldBe("Send it like { \"version\": \"1.4.2\" }");
        (await desk.Client.Deploy("shop", new("1.1"), "", desk.Patience)).Release.ShouldBe(2);
    }

    [Theory]
    [InlineData("1.1\\u0000", "is not a version")]
    [InlineData("../1.0", "is not a version")]
    [InlineData("..", "is not a version")]
    [InlineData(".", "is not a version")]
    public async Task A_version_is_asked_for_its_name_before_a_path_is_made_of_it(string version, string words)
    {
        var made = false;
        await using var desk = await Reception.Open(scene => scene with
        {
            Missing = (_, _) =>
            {
                made = true;
                return null;
            },
        });
        await desk.Register();
        var (status, problem, _) = await desk.Post($"{Shop}/releases", $$"""{ "version": "{{version}}" }""");
        (status, made).ShouldBe((400, false));
        problem!.Title.ShouldContain(words);
    }

    [Theory]
    [InlineData("POST", $"{Shop}/releases", "{", "application/json", 400, "is not the JSON that is wanted, line 1")]
    [InlineData("POST", $"{Shop}/promote", """{ "full": "x" }""", "application/json", 400, "full is not of the kind")]
    [InlineData("POST", $"{Shop}/promote", """{ "ful": true }""", "application/json", 400, "ful is not known here")]
    [InlineData("POST", $"{Shop}/releases", """{ "Versoin": "1.1" }""", "application/json", 400,
        "Versoin is not known here")]
    [InlineData("POST", $"{Shop}/releases", "[]", "application/json", 400, "is not the JSON that is wanted")]
    [InlineData("POST", $"{Shop}/releases", null, null, 400, "is missing or wrong")]
    [InlineData("POST", $"{Shop}/releases", "version=1", "application/x-www-form-urlencoded", 415, "takes JSON")]
    [InlineData("POST", $"{Shop}/promote", """{ "full": true }""", "text/plain", 415, "takes JSON")]
    [InlineData("PUT", Shop, "{}", "application/json", 400, "file, yaml or folder is missing")]
    [InlineData("PUT", Shop, """{ "file": "a", "yaml": "", "folder": "x" }""", "application/json", 400, "is no folder")]
    [InlineData("PUT", Shop, """{ "file": "a", "yaml": null, "folder": "/" }""", "application/json", 400, "is missing")]
    [InlineData("GET", $"{Shop}/logs?tail=abc", null, null, 400, "tail is a number of lines")]
    [InlineData("GET", $"{Shop}/logs?tail=-3", null, null, 400, "tail is a number of lines")]
    [InlineData("GET", $"{Shop}/logs?after=a:1,a:2", null, null, 400, "each instance once")]
    [InlineData("GET", $"{Shop}/logs?after=a:-1", null, null, 400, "each instance once")]
    [InlineData("GET", "/api/v1/report?since=5000000d", null, null, 400, "is too long ago")]
    [InlineData("GET", "/api/v1/nothing", null, null, 404, "there is nothing at /api/v1/nothing")]
    [InlineData("DELETE", $"{Shop}/pause", null, null, 405, "takes POST, and not DELETE")]
    [InlineData("GET", $"{Shop}/pause", null, null, 405, "takes POST, and not GET")]
    public async Task What_cannot_be_understood_is_a_problem_in_words(
        string method, string path, string? body, string? type, int status, string words)
    {
        await using var desk = await Reception.Open();
        await desk.Live();
        var answer = await desk.Ask(method, path, body, type);
        (answer.Status, answer.Problem?.Status).ShouldBe((status, status), answer.Text);
        answer.Problem!.Title.ShouldContain(words);
        desk.Shop.Releases.ShouldBe(1);
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_told_how_long_it_may_be()
    {
        await using var desk = await Reception.Open();
        await desk.Live();
        var (status, problem, _) = await desk.Post($"{Shop}/promote", new string(' ', 2 << 20));
        (status, problem?.Title).ShouldBe((413, "the body is longer than 1 MiB"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_that_may_be_absent_is_absent_whatever_the_content_type_says(string? type)
    {
        await using var desk = await Reception.Open();
        await desk.Live();
        var (status, _, text) = await desk.Ask("POST", $"{Shop}/restart", null, type);
        status.ShouldBe(200, text);
    }

    [Fact]
    public async Task A_look_without_the_body_is_answered_like_the_one_with_it()
    {
        await using var desk = await Reception.Open();
        var (status, _, text) = await desk.Ask("HEAD", "/api/v1/services");
        (status, text).ShouldBe((200, ""));
        (await desk.Ask("HEAD", "/api/v1/events")).Status.ShouldBe(405);
    }

    [Theory]
    [InlineData("Slipway-By", 65)]
    [InlineData("Idempotency-Key", 129)]
    public async Task A_header_that_is_too_long_is_refused_and_not_dropped(string name, int length)
    {
        await using var desk = await Reception.Open();
        await desk.Live();
        var path = $"{Shop}/restart";
        (await desk.Post(path, "{}", (name, new string('a', length)))).Status.ShouldBe(400);
        (await desk.Post(path, "{}", (name, new string('a', length - 1)))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task What_goes_wrong_on_the_way_is_a_problem_too_and_stands_in_the_log()
    {
        await using var desk = await Reception.Open(scene => scene with
        {
            Logs = _ => throw new InvalidOperationException("the shelf has fallen"),
        });
        await desk.Live();
        var (status, problem, _) = await desk.Ask("GET", $"{Shop}/logs");
        (status, problem!.Title).ShouldBe((500, $"GET {Shop}/logs failed, which should not have happened"));
        desk.Told.ShouldHaveSingleItem().ShouldContain("the shelf has fallen");
    }

    [Fact]
    public async Task Words_of_the_api_are_in_small_letters()
    {
        await using var desk = await Reception.Open();
        await desk.Live();
        (await desk.Ask("GET", Shop)).Text.ShouldContain("\"attention\":\"fine\"");
    }

    [Theory]
    [InlineData("127.0.0.1:8080", "", 409)]
    [InlineData("localhost:8080", "", 409)]
    [InlineData("127.0.0.1:8080", "path: /tea", 200)]
    [InlineData("127.0.0.1:8080", "hosts: [tea.example]", 200)]
    [InlineData("127.0.0.1:8081", "", 200)]
    public async Task Two_services_behind_one_address_host_and_path_are_refused(string listen, string more, int status)
    {
        await using var desk = await Reception.Open();
        await desk.Register();
        var yaml = Reception.Yaml(listen: $"{listen}, {more}".TrimEnd(',', ' '))
            .Replace("service: shop", "service: tea", StringComparison.Ordinal);
        var body = System.Text.Json.JsonSerializer.Serialize(new { file = "tea.yaml", yaml, folder = "/" });
        var answer = await desk.Ask("PUT", "/api/v1/services/tea", body, "application/json");
        answer.Status.ShouldBe(status, answer.Text);
        if (status == 409) answer.Problem!.Title.ShouldBe($"shop takes {listen} already");
        await desk.Register(); // and itself it is no rival of
    }

    [Theory]
    [InlineData("Host: LOCALHOST", 200)]
    [InlineData("Host: evil.example", 403)]
    [InlineData("Host: localhost\r\nOrigin: http://localhost", 200)]
    [InlineData("Host: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example", 403)]
    [InlineData("Host: localhost\r\nOrigin: null", 403)]
    public async Task Who_asks_is_told_by_every_header_that_says_so(string headers, int status)
    {
        await using var desk = await Reception.Open();
        using var socket = new TcpClient();
        var url = new Uri(desk.Server.Url);
        await socket.ConnectAsync(url.Host, url.Port, desk.Patience);
        var request = $"GET /api/v1/services HTTP/1.1\r\n{headers}\r\nConnection: close\r\n\r\n";
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), desk.Patience);
        using var reader = new StreamReader(socket.GetStream());
        (await reader.ReadLineAsync(desk.Patience))!.Split(' ')[1].ShouldBe($"{status}");
    }

    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("::1", 200)]
    [InlineData("::ffff:127.0.0.1", 200)]
    [InlineData("192.0.2.7", 403)]
    [InlineData("::ffff:192.0.2.7", 403)]
    public async Task Without_a_token_it_counts_where_somebody_is_and_not_only_what_is_said(string peer, int status)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Host = new("localhost");
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        await new Guard(null).Check(context, _ => Task.CompletedTask);
        context.Response.StatusCode.ShouldBe(status);
    }

    [Theory]
    [InlineData("bearer s3cret", 200)]
    [InlineData("Bearer s3cret", 200)]
    [InlineData("Bearer S3cret", 401)]
    [InlineData("Basic s3cret", 401)]
    public async Task The_scheme_of_a_token_may_be_written_in_any_case(string said, int status)
    {
        await using var desk = await Reception.Open(scene => scene with { Token = "s3cret" });
        (await desk.Ask("GET", "/api/v1/services", headers: ("Authorization", said))).Status.ShouldBe(status);
    }
}

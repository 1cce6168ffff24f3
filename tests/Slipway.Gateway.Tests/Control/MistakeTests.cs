using System.Net;
using System.Net.Http.Json;
using Slipway.Releases;
using Slipway.Support;

namespace Slipway.Gateway.Control;

/// <summary>An order that cannot be read is answered in the words of whoever has written it.</summary>
public sealed class MistakeTests : AtDesk
{
    [Theory]
    [InlineData("", """{"drain":"soon"}""", "drain has to be a time like 00:00:30.")]
    [InlineData("", """{"timeouts":{"idle":5}}""", "timeouts.idle has to be a time like 00:00:30.")]
    [InlineData("", """{"http2":"perhaps"}""", "http2 has to be one of tls, always, off.")]
    [InlineData("", """{"hosts":"a.example"}""", "hosts has to be a list, and each of it a text.")]
    [InlineData("", """{"versionHeader":"yes"}""", "versionHeader has to be true or false.")]
    [InlineData("", """{"drain":""", "The order is no JSON: look at line 1, byte 10.")]
    [InlineData("", "", "The order is no JSON: look at line 1, byte 1.")]
    [InlineData("", "null", "The order has to be an object with listen, hosts, path, certificate, key, http2,")]
    [InlineData("/table", """{"table":5,"since":1}""", "table has to be an object with rest")]
    [InlineData("/table", """{"table":{"rest":5},"since":1}""",
        "table.rest has to be an object that begins with \"is\": one of split, hold, refuse.")]
    [InlineData("/table", """{"table":{"rest":{}},"since":1}""",
        "table.rest has to be an object that begins with \"is\": one of split, hold, refuse.")]
    [InlineData("/table", """{"table":{"rest":{"is":"hold","atMost":"soon"}},"since":1}""",
        "table.rest.atMost has to be a time like 00:00:30.")]
    [InlineData("/members", """{"members":[],"sequence":"first"}""", "sequence has to be a number.")]
    public async Task What_cannot_be_read_is_told_with_its_place_and_with_what_belongs_there(
        string path, string order, string reason)
    {
        using var refused = await Desk.SendText(HttpMethod.Put, $"/v1/sites/shop{path}", order);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadFromJsonAsync<Refusal>(JournalFormat.Options))!.Error.ShouldStartWith(reason);
    }
}

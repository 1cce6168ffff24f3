using System.Net;
using System.Text;
using Slipway.Api;
using Slipway.Client;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Approvals;

/// <summary>A link asks, and answers once; one that does not says which of the reasons it is.</summary>
public sealed class ApprovalLinkTests : IAsyncLifetime
{
    readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(2));
    readonly TemporaryFolder _folder = new();
    readonly MemoryJournal _journal = new();
    readonly HttpClient _http = new();
    Engine _engine = null!;
    ApiServer _server = null!;
    ApprovalLinks _links = null!;
    SlipwayClient _client = null!;

    public async Task InitializeAsync()
    {
        var world = new ObedientWorld();
        _engine = new(new(_journal, world, world, world, world), TimeProvider.System, _stop.Token);
        await _engine.Start();
        _links = new(_folder.Path, () => _server.Url);
        // With a token: a link needs none.
        _server = await ApiServer.Start(
            new(_engine, _journal) { Instances = _ => [], Approvals = _links, Token = "s3cret" },
            "127.0.0.1:0", _stop.Token);
        _client = SlipwayClient.For(new(_server.Url), "s3cret");
        var spec = new ServiceSpec
        {
            Service = "shop",
            Runtime = new RuntimeSpec.Process(["./shop"]),
            Checks = new() { Approval = new() { By = ["release-managers"] } },
        };
        await Order(new Command.Register("register", spec));
        await Order(new Command.Deploy("first", new("1.0") { Cause = "<script>" }));
        await Until(service => service.Run is { AwaitsApproval: true });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        _http.Dispose();
        await _server.DisposeAsync();
        await _stop.CancelAsync();
        _engine.Dispose();
        _folder.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task To_look_changes_nothing_and_shows_what_is_asked()
    {
        var link = (await _client.Service("shop", _stop.Token)).Release!.ApprovalLink.ShouldNotBeNull();
        using var answer = await _http.GetAsync(link, _stop.Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var page = await answer.Content.ReadAsStringAsync(_stop.Token);
        page.ShouldContain("Release 1 waits for an approval.");
        page.ShouldContain("release-managers");
        page.ShouldContain("&lt;script&gt;");
        page.ShouldNotContain("<script>");
        _engine.Find("shop")!.Service.Run!.AwaitsApproval.ShouldBeTrue();
    }

    [Fact]
    public async Task An_answer_is_kept_with_its_name_and_its_reason_and_the_link_is_used()
    {
        var link = (await _client.ApprovalLink("shop", "ann", _stop.Token)).Url;
        (await Post(link, "yes", "looks good")).ShouldBe(
            (HttpStatusCode.OK, "Approved: release 1 of shop goes on."));
        await Until(service => service is { Run: null, History.Count: 1 });
        var answered = (await _journal.Read("shop", 0, _stop.Token)).Single(e => e.Event is Event.Answered);
        (answered.By, answered.Event).ShouldBe(("ann", new Event.Answered(true, "looks good")));
        var steps = (await _client.Release("shop-1", _stop.Token)).Steps;
        steps.Single(step => step.By is not null).ShouldSatisfyAllConditions(
            step => step.Text.ShouldStartWith("ask"),
            step => (step.By, step.Note).ShouldBe(("ann", "yes: looks good")));

        var (status, said) = await Post(link, "no", "");
        (status, said[^21..]).ShouldBe((HttpStatusCode.Gone, "yes, ann: looks good."));
        said.ShouldStartWith("This was answered already, at ");
    }

    [Fact]
    public async Task A_no_turns_the_release_back()
    {
        var link = _links.Of(_engine.Find("shop")!.Service)!;
        (await Post(link, "no", "not today")).Said.ShouldBe("Rejected: release 1 of shop goes back.");
        await Until(service => service is { Run: null, History.Count: 1 });
        var answered = (await _journal.Read("shop", 0, _stop.Token)).Single(e => e.Event is Event.Answered);
        answered.By.ShouldBe("by link");
    }

    [Fact]
    public async Task Whoever_answers_at_the_same_moment_as_another_is_told_what_the_journal_says()
    {
        var link = _links.Of(_engine.Find("shop")!.Service)!;
        using var slow = new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan };
        using var http = new HttpClient(slow);
        using var late = new LateForm("answer=no&why=");
        using var request = new HttpRequestMessage(HttpMethod.Post, link) { Content = late };
        request.Headers.ExpectContinue = true;
        var no = http.SendAsync(request, _stop.Token);
        await late.Wanted.WaitAsync(_stop.Token); // the link was looked at and found open

        (await Post(link, "yes", "")).ShouldBe((HttpStatusCode.OK, "Approved: release 1 of shop goes on."));
        late.Send();
        var (status, said) = await Said(await no);
        (status, said[^13..]).ShouldBe((HttpStatusCode.Gone, "yes, by link."), said);
        (await _journal.Read("shop", 0, _stop.Token)).Select(e => e.Event).OfType<Event.Answered>().Single()
            .Passed.ShouldBeTrue();
    }

    /// <summary>The server has to ask for it, and gets it when the test says so.</summary>
    sealed class LateForm : HttpContent
    {
        readonly string _text;
        readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LateForm(string text)
        {
            _text = text;
            Headers.ContentType = new("application/x-www-form-urlencoded");
        }

        public Task Wanted => _wanted.Task;

        public void Send() => _sent.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _wanted.SetResult();
            await _sent.Task;
            await stream.WriteAsync(Encoding.ASCII.GetBytes(_text));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _text.Length;
            return true;
        }
    }

    [Fact]
    public async Task A_forged_an_expired_and_an_outdated_link_are_told_apart()
    {
        var good = ApprovalLinks.Ticket(_engine.Find("shop")!.Service)!;
        var link = _links.Of(good);
        var forged = link[..^2] + (link.EndsWith("AA", StringComparison.Ordinal) ? "BB" : "AA");
        (await Post(forged, "yes", "")).ShouldBe((HttpStatusCode.Forbidden,
            "This link was not made by this control plane, or it was changed on its way."));
        using var folder = new TemporaryFolder();
        var elsewhere = new ApprovalLinks(folder.Path, () => _server.Url);
        (await Post(elsewhere.Of(good), "yes", "")).Status.ShouldBe(HttpStatusCode.Forbidden);

        await Order(new Command.Abort("abort", false) { By = "bob" });
        await Until(service => service.Run is null);
        (await Post(link, "yes", "")).ShouldBe((HttpStatusCode.Gone,
            "Nobody is asked any more: release 1 of shop went back, stopped by bob."));
    }

    [Fact]
    public async Task A_link_is_open_for_as_long_as_the_step_waits_also_when_a_pause_has_stopped_its_time()
    {
        var link = _links.Of(ApprovalLinks.Ticket(_engine.Find("shop")!.Service)! with { Until = 1_700_000_000 });
        (await _client.ApprovalLink("shop", null, _stop.Token)).Ends.ShouldNotBeNull();
        await Order(new Command.Pause("pause"));
        (await _client.ApprovalLink("shop", null, _stop.Token)).Ends.ShouldBeNull();
        using (var page = await _http.GetAsync(link, _stop.Token))
        {
            page.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await page.Content.ReadAsStringAsync(_stop.Token)).ShouldContain("paused: no time is running");
        }

        (await Post(link, "yes", "")).Said.ShouldBe("Approved: release 1 of shop goes on.");
    }

    [Fact]
    public async Task A_link_whose_question_nobody_has_answered_in_time_says_so()
    {
        await Order(new Command.Abort("abort", false));
        await Until(service => service.Run is null);
        var hasty = _engine.Find("shop")!.Service.Spec! with
        {
            Checks = new() { Approval = new() { Timeout = TimeSpan.FromMilliseconds(200) } },
        };
        await Order(new Command.Register("hasty", hasty));
        await Order(new Command.Deploy("second", new("2.0")));
        await Until(service => service is { Run: null, History.Count: 2 });
        var events = await _journal.Read("shop", 0, _stop.Token);
        var asked = events.Last(e => e.Event is Event.TurnedBack).Sequence - 1;
        var (status, said) = await Post(_links.Of(new("shop", 2, asked, 0, "")), "yes", "");
        status.ShouldBe(HttpStatusCode.Gone);
        said.ShouldStartWith("This link has expired, at 20");
        said.ShouldEndWith(" UTC: release 2 of shop waits no longer.");
    }

    [Fact]
    public async Task What_is_no_answer_is_none()
    {
        var link = _links.Of(_engine.Find("shop")!.Service)!;
        (await Post(link, "perhaps", "")).Status.ShouldBe(HttpStatusCode.BadRequest);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, link);
        foreign.Headers.Add("Origin", "http://evil.example");
        (await _http.SendAsync(foreign, _stop.Token)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        _engine.Find("shop")!.Service.Run!.AwaitsApproval.ShouldBeTrue();
    }

    [Fact]
    public void The_key_is_its_owner_s_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        File.GetUnixFileMode(_folder.File("approval.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    async Task<(HttpStatusCode Status, string Said)> Post(string link, string answer, string why)
    {
        using var form = new FormUrlEncodedContent([new("answer", answer), new("why", why)]);
        using var said = await _http.PostAsync(link, form, _stop.Token);
        return await Said(said);
    }

    async Task<(HttpStatusCode Status, string Said)> Said(HttpResponseMessage said)
    {
        var page = await said.Content.ReadAsStringAsync(_stop.Token);
        var from = page.IndexOf("<p>", StringComparison.Ordinal) + 3;
        return (said.StatusCode, WebUtility.HtmlDecode(page[from..page.IndexOf("</p>", StringComparison.Ordinal)]));
    }

    async Task Order(Command command) => (await _engine.Order("shop", command)).Refusal.ShouldBeNull();

    Task Until(Func<Service, bool> fact) => _engine.Until("shop", runner => fact(runner.Service), _stop.Token);
}

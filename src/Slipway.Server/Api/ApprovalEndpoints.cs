using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Approvals;
using Slipway.Client;
using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Reports;

namespace Slipway.Api;

/// <summary>Links that answer an approval: the page behind them, and how somebody gets one.</summary>
static class ApprovalEndpoints
{
    const string ByLink = "by link";
    const int WhyMax = 500;

    public static void Map(IEndpointRouteBuilder app, ApiScene scene)
    {
        if (scene.Approvals is not { } links) return;
        app.MapGet("/api/v1/services/{name}/approval-link", (string name, string? @for) =>
            Link(scene, links, name, @for ?? ""))
            .Says<ApprovalLinkReport>("approvalLink", "A link that answers the approval that a release waits for",
                StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        app.MapGet($"{ApprovalLinks.Path}/{{token}}", (string token, HttpContext http, CancellationToken cancel) =>
            Show(scene, links, token, http, cancel)).ExcludeFromDescription();
        app.MapPost($"{ApprovalLinks.Path}/{{token}}", (string token, HttpContext http, CancellationToken cancel) =>
            Answer(scene, links, token, http, cancel)).ExcludeFromDescription();
    }

    static IResult Link(ApiScene scene, ApprovalLinks links, string name, string who)
    {
        if (ServiceEndpoints.Find(scene, name) is not { } runner)
            return Answers.NoService(name, ServiceEndpoints.Registered(scene).Select(each => each.Service.Name));
        return ApprovalLinks.Ticket(runner.Service, who) is { } ticket
            ? Results.Json(new ApprovalLinkReport(links.Of(ticket), EndOf(runner.Service, ticket)),
                ContractsJson.Default.ApprovalLinkReport)
            : Answers.Refused($"{name} does not wait for an approval");
    }

    static DateTimeOffset? EndOf(Service s, ApprovalTicket ticket) =>
        s.Run is { Mode: Mode.Paused } ? null : ticket.Ends;

    static async Task<IResult> Show(
        ApiScene scene, ApprovalLinks links, string token, HttpContext http, CancellationToken cancel)
    {
        if (links.Read(token) is not { } ticket) return Forged(http);
        if (await Closed(scene, ticket, cancel) is { } why)
            return Page(http, StatusCodes.Status410Gone, ApprovalPage.Says(why));
        var runner = scene.Engine.Find(ticket.Service)!;
        var release = ReleaseReports.Of(runner.Service, runner.Service.Run!, runner.Seen, scene.TrafficOf(runner),
            scene.Time.GetUtcNow());
        var asked = ApprovalLinks.Ticket(runner.Service) ?? ticket;
        return Page(http, StatusCodes.Status200OK, ApprovalPage.Asks(release, asked));
    }

    static async Task<IResult> Answer(
        ApiScene scene, ApprovalLinks links, string token, HttpContext http, CancellationToken cancel)
    {
        if (links.Read(token) is not { } ticket) return Forged(http);
        if (await Closed(scene, ticket, cancel) is { } why)
            return Page(http, StatusCodes.Status410Gone, ApprovalPage.Says(why));
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancel) : null;
        if (form?["answer"].ToString() is not ("yes" or "no") || form["why"].ToString().Length > WhyMax)
            return Page(http, StatusCodes.Status400BadRequest, ApprovalPage.Says("The answer is neither yes nor no."));

        var (yes, said) = (form["answer"] == "yes", form["why"].ToString().Trim());
        // A second press of the same button is the same answer; whatever else is said is another one.
        var id = $"link/{ticket.Service}/{ticket.Step}/{(yes ? "yes" : "no")}/{ticket.For}";
        var service = scene.Engine.Find(ticket.Service)!.Service;
        var command = (yes
            ? (Command)new Command.Approve(id, said, ticket.Step)
            : new Command.Reject(id, said, ticket.Step)) with
        {
            By = ticket.For.Length > 0 ? ticket.For : ByLink,
            // Whoever hands a link on has said who may answer.
            Roles = service.Run is { Step: Step.Ask { Question: Question.Approval asked } } ? asked.By : [],
        };
        var reply = await scene.Engine.Order(ticket.Service, command);
        if (reply.Refusal is { } refusal)
            return await Closed(scene, ticket, cancel) is { } other // somebody was faster
                ? Page(http, StatusCodes.Status410Gone, ApprovalPage.Says(other))
                : Page(http, StatusCodes.Status409Conflict, ApprovalPage.Says(refusal));
        return Page(http, StatusCodes.Status200OK, ApprovalPage.Says(yes
            ? $"Approved: release {ticket.Release} of {ticket.Service} goes on."
            : $"Rejected: release {ticket.Release} of {ticket.Service} goes back."));
    }

    /// <summary>
    /// Why the link answers nothing any more; null when it does. It is open for as long as the step waits, as the
    /// program is: a pause stops the step's time, and going on begins it anew.
    /// </summary>
    static async Task<string?> Closed(ApiScene scene, ApprovalTicket ticket, CancellationToken cancel)
    {
        var release = $"release {ticket.Release} of {ticket.Service}";
        if (scene.Engine.Find(ticket.Service) is not { } runner) return $"There is no {release} here any more.";
        if (runner.Service.Run is { AwaitsApproval: true } run && run.Entered == ticket.Step) return null;
        // What came of the question stands behind it in the journal.
        foreach (var recorded in await scene.Journal.Read(ticket.Service, ticket.Step, cancel))
            switch (recorded.Event)
            {
                case Event.Answered x:
                    var by = recorded.By.Length == 0 ? "somebody" : recorded.By;
                    return $"This was answered already, at {recorded.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC: "
                        + $"{(x.Passed ? "yes" : "no")}, {by}{(x.Text.Length > 0 ? $": {x.Text}" : "")}.";
                case Event.TurnedBack { Reason: Reason.ApprovalExpired }:
                    return $"This link has expired, at {recorded.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC: "
                        + $"{release} waits no longer.";
                case Event.TurnedBack x:
                    return $"Nobody is asked any more: {release} went back, {x.Why}.";
            }

        return $"Nobody is asked any more: {release} waits no longer.";
    }

    static IResult Forged(HttpContext http) => Page(http, StatusCodes.Status403Forbidden,
        ApprovalPage.Says("This link was not made by this control plane, or it was changed on its way."));

    static IResult Page(HttpContext http, int status, string page)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
        // The link is a secret; with "no-referrer" a browser would not say either that its own page has posted.
        headers["Referrer-Policy"] = "same-origin";
        return Results.Text(page, "text/html; charset=utf-8", statusCode: status);
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Client;
using Slipway.Decisions;
using Slipway.Gateway.Forwarding;
using Slipway.Releases;
using Slipway.Reports;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Api;

/// <summary>
/// What people can want of a service. A post with the same Idempotency-Key is the same wish: it is done once.
/// </summary>
static class CommandEndpoints
{
    const string Service = "/api/v1/services/{name}";
    const int NoService = StatusCodes.Status404NotFound, Refused = StatusCodes.Status409Conflict,
        Wrong = StatusCodes.Status400BadRequest;

    public static void Map(IEndpointRouteBuilder app, ApiScene scene)
    {
        app.MapPost($"{Service}/releases", (string name, DeployRequest asked, HttpRequest http,
            CancellationToken cancel) => Deploy(scene, name, asked, http, cancel))
            .Says<CommandReply>("deploy", "Bring a version to the users", NoService, Refused, Wrong);
        Verb("promote", "End this wait, or all of them", (id, asked, _) => new Command.Promote(id, asked.Full));
        Verb("pause", "Stay where the release is", (id, _, _) => new Command.Pause(id));
        Verb("resume", "Go on with a paused release", (id, _, _) => new Command.Resume(id));
        Verb("hold", "Give the new version this share, and stay there",
            (id, asked, _) => new Command.Hold(id, ShareOf(asked.At)));
        Verb("abort", "Take the release back", (id, asked, _) => new Command.Abort(id, asked.Now));
        Verb("undo", "Go back to the version before, or to a named one",
            (id, asked, service) => new Command.Undo(id, RevisionOf(service, asked.To)));
        Verb("restart", "Start every instance anew, without a gap", (id, _, _) => new Command.Restart(id));
        Verb("approve", "Say yes to a release that waits for it",
            (id, asked, _) => new Command.Approve(id, asked.Why ?? ""));
        Verb("reject", "Say no to a release that waits", (id, asked, _) => new Command.Reject(id, asked.Why ?? ""));

        void Verb(string verb, string summary, Func<string, CommandRequest, Service, Command> make) => app.MapPost(
            $"{Service}/{verb}", (string name, CommandRequest? asked, HttpRequest http) =>
                Order(scene, name, Wish.Of(http, verb, asked ?? new(), ContractsJson.Default.CommandRequest),
                    id => make(id, asked ?? new(), scene.Engine.Find(name)!.Service)))
            .Says<CommandReply>(verb, summary, NoService, Refused, Wrong);
    }

    /// <summary>
    /// What is not there cannot be started, and what cannot be judged had better not: that is told before anything
    /// changes.
    /// </summary>
    static async Task<IResult> Deploy(
        ApiScene scene, string name, DeployRequest asked, HttpRequest http, CancellationToken cancel)
    {
        if (asked.Version is null)
            return Answers.Wrong("say which version", "Send it like { \"version\": \"1.4.2\" }");
        if (VersionName.Problem(asked.Version) is { } wrong) return Answers.Wrong(wrong);
        var now = scene.Time.GetUtcNow();
        if (asked.CommitTime > now + Limits.AheadMax)
            return Answers.Wrong(
                $"the time of the commit has not come yet: {asked.CommitTime.Value.UtcDateTime:yyyy-MM-dd HH:mm} UTC",
                $"Here it is {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Is its time zone right?");
        var wish = Wish.Of(http, "deploy", asked, ContractsJson.Default.DeployRequest);
        var service = ServiceEndpoints.Find(scene, name)?.Service;
        var isNew = service?.Find(wish.Key) is null;
        if (isNew && service?.Spec is { } spec && scene.Missing(spec, asked.Version) is { } problem)
            return Answers.No(StatusCodes.Status409Conflict, problem.What, problem.Hint);
        if (isNew && service?.Spec?.Traffic.Tls is { } tls
            && CertificateFiles.Problem(tls.Certificate, tls.Key) is { } unserved)
            return Answers.No(StatusCodes.Status409Conflict,
                scene.Files.OfKey(name, "traffic", "tls", unserved.OfKey ? "key" : "certificate") + unserved.What,
                unserved.Hint);
        if (isNew && service is not null && !asked.Blind && await scene.Silent(service, cancel) is { } silent)
            return Answers.No(StatusCodes.Status409Conflict,
                scene.Files.Of(name, silent.Metric) + silent.What, silent.Hint);
        return await Order(scene, name, wish, id => new Command.Deploy(id, new(asked.Version)
        {
            By = wish.By,
            Cause = asked.Cause,
            Commit = asked.Commit,
            CommitTime = asked.CommitTime,
            Emergency = EmergencyOf(asked.Emergency),
        })
        { OnNewer = OnNewerOf(asked.OnNewer) });
    }

    /// <param name="mustExist">Else it begins with this.</param>
    public static async Task<IResult> Order(
        ApiScene scene, string name, Wish wish, Func<string, Command> make, bool mustExist = true,
        Func<Service, string>? said = null)
    {
        // Whoever removes a service twice under one key has done it.
        if (mustExist && ServiceEndpoints.Find(scene, name) is null
            && scene.Engine.Find(name)?.Service.Find(wish.Key) is null)
            return Answers.NoService(name, ServiceEndpoints.Registered(scene).Select(each => each.Service.Name));
        var command = make(wish.Key) with { Of = wish.What, By = wish.By, Roles = wish.Roles };
        var reply = await scene.Engine.Order(name, command);
        if (reply.Defect is { } defect) scene.Tell($"{name}: {wish.What} could not be decided: {defect}");
        return reply switch
        {
            { Refusal: null } => Results.Json(
                new CommandReply(
                    name, reply.Release, said?.Invoke(reply.Service) ?? Said(reply.Service, reply.Release)),
                ContractsJson.Default.CommandReply),
            { Unavailable: true } => scene.Engine.Find(name)?.Stopped is { } stopped
                ? Answers.Stopped(stopped)
                : Answers.NoJournal(reply.Refusal),
            { Defect: not null } => Answers.Defect(reply.Refusal),
            _ => Answers.Refused(reply.Refusal),
        };
    }

    static string Said(Service s, int? release) =>
        s.Run is { } run && run.Release == release
            ? $"release {run.Release} of {s.Name}: {ReleaseReports.Word(run.Mode)}{Failed(s, run)}"
        : s.History.LastOrDefault(past => past.Release == release) is { } past
            ? $"release {past.Release} of {s.Name}: {ServiceReports.Ended(past.Outcome)}"
        : s.Registered ? $"{s.Name} has no release running"
        : $"{s.Name} is removed";

    /// <summary>Who goes back to what was taken back may have good reasons, and should know it.</summary>
    static string Failed(Service s, Run run) =>
        run.Kind == RunKind.Undo && s.RevisionOf(run.Candidate) is { Failed: { } failed } revision
            ? $"; {revision.Version} had to be taken back by release {failed.Release}: {failed.Why}"
            : "";

    static string? EmergencyOf(string? why) => why is null || why.Trim().Length > 0 ? why?.Trim()
        : throw new WrongException("say why it is an emergency: that is kept in the history");

    static OnNewer? OnNewerOf(string? word) => word is null ? null
        : Enum.TryParse<OnNewer>(word, ignoreCase: true, out var rule) && Enum.IsDefined(rule) ? rule
        : throw new WrongException($"onNewer is one of supersede, queue, refuse, not \"{word}\"");

    static Share ShareOf(string? text)
    {
        if (text is null) throw new WrongException("say at which share to hold, like \"10%\"");
        var isNumber = double.TryParse(text.TrimEnd('%', ' '), System.Globalization.NumberStyles.AllowDecimalPoint,
            System.Globalization.CultureInfo.InvariantCulture, out var percent);
        return isNumber && percent is >= 0 and <= 100
            ? Share.Percent(percent)
            : throw new WrongException($"\"{text}\" is no share: write it like 10%, from 0% to 100%");
    }

    /// <summary>
    /// A version, of which the latest revision that was live; or a release by its number in the history: what it
    /// brought.
    /// </summary>
    static int? RevisionOf(Service s, string? to)
    {
        if (to is null) return null;
        var number = ReleaseReports.Parse(to) is { } id && id.Service == s.Name ? id.Number
            : int.TryParse(to, out var plain) ? plain
            : 0;
        return s.Revisions.LastOrDefault(revision => revision.Version == to && revision.Settled)?.Number
            ?? s.History.FirstOrDefault(past => past.Release == number)?.Candidate.Revision
            ?? s.Revisions.LastOrDefault(revision => revision.Version == to)?.Number
            ?? throw new WrongException(
                $"{s.Name} has no version and no release {to}. To see them: slipway history {s.Name}");
    }
}

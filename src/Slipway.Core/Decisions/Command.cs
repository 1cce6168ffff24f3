using System.Text.Json.Serialization;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Decisions;

/// <summary>
/// What somebody wants of a service. Every command is defined in every mode. One that has changed something is
/// acknowledged when it comes again under the same id, not done again; one that was refused may be given again.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Register), "register")]
[JsonDerivedType(typeof(Deploy), "deploy")]
[JsonDerivedType(typeof(Promote), "promote")]
[JsonDerivedType(typeof(Pause), "pause")]
[JsonDerivedType(typeof(Resume), "resume")]
[JsonDerivedType(typeof(Hold), "hold")]
[JsonDerivedType(typeof(Abort), "abort")]
[JsonDerivedType(typeof(Undo), "undo")]
[JsonDerivedType(typeof(Approve), "approve")]
[JsonDerivedType(typeof(Reject), "reject")]
[JsonDerivedType(typeof(Restart), "restart")]
[JsonDerivedType(typeof(Remove), "remove")]
[JsonDerivedType(typeof(Purge), "purge")]
[JsonDerivedType(typeof(Recall), "recall")]
[JsonDerivedType(typeof(Report), "report")]
public abstract record Command(string Id)
{
    public string By { get; init; } = "";

    /// <summary>
    /// What is wanted under the id, in a word: the same id with another wish is refused. Empty where an id can stand
    /// for one wish only.
    /// </summary>
    public string Of { get; init; } = "";
    public Seq<string> Roles { get; init; } = [];

    /// <summary>As it is journalled.</summary>
    [JsonIgnore]
    public string Said => Of.Length == 0 ? Id : $"{Id} {Of}";

    /// <summary>Registers a service, or changes its specification.</summary>
    public sealed record Register(string Id, ServiceSpec Spec) : Command(Id);

    public sealed record Deploy(string Id, Deployment Deployment) : Command(Id)
    {
        /// <summary>What to do with a running release; the service's own rule when not given.</summary>
        public OnNewer? OnNewer { get; init; }
    }

    /// <summary>
    /// Ends the wait under way; <paramref name="Full"/>: all waits. Approvals and checks are asked all the same.
    /// </summary>
    public sealed record Promote(string Id, bool Full) : Command(Id);

    public sealed record Pause(string Id) : Command(Id);

    public sealed record Resume(string Id) : Command(Id);

    /// <summary>A partial way back: the candidate keeps at most this share until somebody resumes or aborts.</summary>
    public sealed record Hold(string Id, Share At) : Command(Id);

    /// <summary><paramref name="Now"/>: without waiting for requests under way.</summary>
    public sealed record Abort(string Id, bool Now) : Command(Id);

    /// <summary>
    /// To a revision, or to the version before when none is named. While a release runs it is an abort.
    /// </summary>
    public sealed record Undo(string Id, int? Revision) : Command(Id);

    /// <param name="Entered">Only the question that this event has asked is meant; whichever is open when null.</param>
    public sealed record Approve(string Id, string Why, long? Entered = null) : Command(Id);

    /// <param name="Entered">As with <see cref="Approve"/>.</param>
    public sealed record Reject(string Id, string Why, long? Entered = null) : Command(Id);

    public sealed record Restart(string Id) : Command(Id);

    public sealed record Remove(string Id) : Command(Id);

    /// <summary>Takes away the old shape of a schema change. There is no undo to revisions that need it.</summary>
    public sealed record Purge(string Id, string Change) : Command(Id);

    /// <summary>
    /// Another system wants this release turned back. One that is over, or goes back already, is left alone.
    /// </summary>
    public sealed record Recall(string Id, int Release, string Why) : Command(Id);

    /// <summary>
    /// The answer to a question that the runner had asked for the step entered at <paramref name="Entered"/>.
    /// </summary>
    public sealed record Report(string Id, long Entered, bool Passed, string Text) : Command(Id);
}

using Shouldly;
using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Tests.Decisions;

/// <summary>The table command × mode, cell by cell: what is journalled, or the refusal.</summary>
public sealed class CommandTests
{
    const string Begun = "Started Entered";
    const string Replaced = "Asked TurnedBack Entered";
    const string Back = "TurnedBack Entered";
    const string Hurried = "TurnedBack Hurried Entered";
    const string Busy = "refused: abort";
    const string Waits = "refused: --queue";
    const string Closed = "refused: The next time that is open: Wed 2026-01-07 00:00 in UTC";
    const string Tripped = "refused: A release of shop was taken back within 24 h: 1.9";
    const string No = "refused";

#pragma warning disable format // a table is read by its columns
    public static TheoryData<string, string, string> Cells => Of(
        //            idle             forward     at an approval                 paused             back
        ("deploy",    Begun,           Replaced,   Replaced,                      Replaced,          "Asked"),
        ("queue",     Begun,           "Asked",    "Asked",                       "Asked",           "Asked"),
        ("refuse",    Begun,           Busy,       Busy,                          Busy,              Waits),
        ("late",      Closed,          Closed,     Closed,                        Closed,            Closed),
        ("emergency", Begun,           Replaced,   Replaced,                      Replaced,          "Asked"),
        ("tripped",   Tripped,         Tripped,    Tripped,                       Tripped,           Tripped),
        ("promote",   No,              "Promoted", "refused: approve",            "refused: resume", No),
        ("full",      No,              "Promoted", "refused: approve",            "refused: resume", No),
        ("pause",     No,              "Paused",   "Paused",                      "nothing",         No),
        ("resume",    No,              "nothing",  "nothing",                     "Resumed",         No),
        ("hold",      No,              "Held",     "Held",                        "Held",            No),
        ("abort",     "refused: undo", Back,       Back,                          Back,              "nothing"),
        ("abort now", "refused: undo", Hurried,    Hurried,                       Hurried,           "Hurried"),
        ("undo",      Begun,           Back,       Back,                          Back,              "nothing"),
        ("undo to",   Begun,           Back,       Back,                          Back,              "nothing"),
        ("elsewhere", No,              Busy,       Busy,                          Busy,              Busy),
        ("approve",   No,              No,         "Answered",                    No,                No),
        ("reject",    No,              No,         "Answered TurnedBack Entered", No,                No),
        ("recall",    "nothing",       Back,        Back,                          Back,              "nothing"),
        ("recalled",  "nothing",       "nothing",   "nothing",                     "nothing",         "nothing"),
        ("restart",   Begun,           Busy,       Busy,                          Busy,              Busy),
        ("purge",     Begun,           Busy,       Busy,                          Busy,              Busy),
        ("remove",    Begun,           Busy,       Busy,                          Busy,              Busy),
        ("change",    "Changed",       "Changed",  "Changed",                     "Changed",         "Changed"));
#pragma warning restore format

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_command_is_defined_in_every_mode(string command, string mode, string expected)
    {
        var table = Prepared(command, mode);
        var decision = table.Order(id => CommandNamed(command, id));
        var said = decision.Refusal is { } why
            ? expected.StartsWith("refused: ", StringComparison.Ordinal)
                && why.Contains(expected["refused: ".Length..], StringComparison.Ordinal) ? expected : "refused"
            : decision.Events.Count == 0 ? "nothing" : string.Join(' ', decision.Events.Select(e => e.GetType().Name));
        said.ShouldBe(expected, decision.Refusal);
        decision.Settles.ShouldBeTrue("a command is always answered");
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_command_that_comes_again_is_acknowledged_and_not_done_again(
        string command, string mode, string expected)
    {
        var table = Prepared(command, mode);
        var given = CommandNamed(command, "again");
        var first = table.Order(given);
        var second = table.Order(given);
        if (first.Events.Count == 0) return;
        (second.Events.Count, second.Refusal, second.Settles).ShouldBe((0, null, true), expected);
    }

    [Fact]
    public void An_approval_that_is_given_while_paused_stays_given_and_the_release_stays_paused()
    {
        var table = In("at an approval");
        table.Order(id => new Command.Pause(id));
        table.Order(id => new Command.Approve(id, "fine"));
        table.Turn().Events.ShouldBeEmpty();
        table.Service.Run!.Mode.ShouldBe(Mode.Paused);
        table.Order(id => new Command.Resume(id));
        table.Turn().Events.ShouldContain(e => e is Event.Entered);
    }

    [Fact]
    public void A_rejection_while_paused_turns_back()
    {
        var table = In("at an approval");
        table.Order(id => new Command.Pause(id));
        table.Order(id => new Command.Reject(id, "no")).Events.ShouldContain(e => e is Event.TurnedBack);
    }

    [Fact]
    public void Only_the_named_roles_approve()
    {
        var approval = new ApprovalSpec { By = ["release-managers"] };
        var table = In("at an approval", spec => spec with { Checks = new() { Approval = approval } });
        table.Order(id => new Command.Approve(id, "me") { Roles = ["developers"] })
            .Refusal.ShouldBe("The approval of shop is for release-managers. Whoever is one says so: slipway approve "
                + "shop --role release-managers");
        table.Order(id => new Command.Reject(id, "me")).Refusal!.ShouldEndWith(
            "slipway reject shop --role release-managers");
        table.Order(id => new Command.Approve(id, "me") { Roles = ["release-managers"] }).Refusal.ShouldBeNull();
    }

    [Fact]
    public void An_answer_to_one_question_is_none_to_another()
    {
        var table = In("at an approval");
        var asked = table.Service.Run!.Entered;
        table.Order(id => new Command.Reject(id, "", asked - 1)).Refusal!.ShouldContain("was answered already");
        table.Order(id => new Command.Approve(id, "", asked)).Refusal.ShouldBeNull();
    }

    [Theory]
    [InlineData("ann", "stopped by ann", "paused by ann")]
    [InlineData("", "stopped", "paused")]
    public void Who_stops_a_release_is_named_where_they_said_who_they_are(string by, string stopped, string paused)
    {
        var table = In("forward");
        table.Order(id => new Command.Pause(id) { By = by });
        table.Service.Run!.Why.ShouldBe(paused);
        table.Order(id => new Command.Abort(id, false) { By = by });
        table.Service.Run!.Why.ShouldBe(stopped);
    }

    [Fact]
    public void A_hold_only_lowers_the_share()
    {
        var table = In("forward");
        table.Order(id => new Command.Hold(id, Share.Percent(60))).Refusal.ShouldNotBeNull().ShouldContain("promote");
    }

    [Fact]
    public void A_full_promotion_skips_waits_and_asks_for_the_approval_all_the_same()
    {
        var table = In("forward", spec => spec with { Checks = new() { Approval = new() } });
        table.Order(id => new Command.Promote(id, true));
        var before = table.Now;
        table.Until(service => service.Run!.AwaitsApproval);
        table.Now.ShouldBe(before);
    }

    /// <summary>Late and in an emergency it is Tuesday, when nothing may begin; tripped, a release failed.</summary>
    static Table Prepared(string command, string mode)
    {
        if (command is "late" or "emergency")
        {
            var tuesday = new ChangeWindow(WindowKind.Avoid, [DayOfWeek.Tuesday], default, default);
            var closed = In(mode, spec => spec with { Windows = [tuesday] });
            closed.Now = new(2026, 1, 6, 9, 0, 0, TimeSpan.Zero);
            return closed;
        }

        if (command != "tripped") return In(mode);
        var table = In(mode, before: live =>
        {
            live.Deploy("1.9");
            live.Order(id => new Command.Recall(id, 2, "it looks odd"));
            live.Until(service => service.Run is null);
        });
        var tripping = table.Service.Spec!.Rollback with { Breaker = new() { After = 1 } };
        table.Order(id => new Command.Register(id, table.Service.Spec with { Rollback = tripping }));
        return table;
    }

    static Table In(
        string mode, Func<ServiceSpec, ServiceSpec>? change = null, Action<Table>? before = null)
    {
        var approval = mode == "at an approval";
        var table = Table.With(
            new StrategySpec.Canary { Steps = [Share.Percent(25), Share.Percent(50), Share.All] },
            spec => (change ?? (same => same))(spec) is var changed && approval && changed.Checks.Approval is null
                ? changed with { Checks = new() { Approval = new() } }
                : changed);
        table.Live();
        before?.Invoke(table);
        if (mode == "idle")
        {
            table.Deploy("1.1");
            return table.Until(service => service.Run is null);
        }

        table.Deploy("2.0");
        table.Until(service => approval ? service.Run!.AwaitsApproval : IsHalfway(service));
        if (mode == "paused") table.Order(id => new Command.Pause(id));
        if (mode == "back") table.Order(id => new Command.Abort(id, false));
        return table;
    }

    static Command CommandNamed(string name, string id) => name switch
    {
        "deploy" => new Command.Deploy(id, new("3.0")) { OnNewer = OnNewer.Supersede },
        "late" or "tripped" => new Command.Deploy(id, new("3.0")),
        "emergency" => new Command.Deploy(id, new("3.0") { Emergency = "the shop is down" }),
        "queue" => new Command.Deploy(id, new("3.0")) { OnNewer = OnNewer.Queue },
        "refuse" => new Command.Deploy(id, new("3.0")) { OnNewer = OnNewer.Refuse },
        "promote" => new Command.Promote(id, false),
        "full" => new Command.Promote(id, true),
        "pause" => new Command.Pause(id),
        "resume" => new Command.Resume(id),
        "hold" => new Command.Hold(id, Share.Percent(10)),
        "abort" => new Command.Abort(id, false),
        "abort now" => new Command.Abort(id, true),
        "undo" => new Command.Undo(id, null),
        "undo to" => new Command.Undo(id, 1),
        "elsewhere" => new Command.Undo(id, 2),
        "approve" => new Command.Approve(id, "fine"),
        "reject" => new Command.Reject(id, "no"),
        "recall" => new Command.Recall(id, 2, "the other system says so"),
        "recalled" => new Command.Recall(id, 1, "of a release that is over"),
        "restart" => new Command.Restart(id),
        "purge" => new Command.Purge(id, "users.name"),
        "remove" => new Command.Remove(id),
        "change" => new Command.Register(id, new ServiceSpec
        {
            Service = "shop", Runtime = new RuntimeSpec.Process(["./other"]),
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    static bool IsHalfway(Service service) => service.Run!.Step is Step.Wait
        && service.Want.Table.Value.ShareOf(service.Run.Candidate) == Share.Percent(50);

    static TheoryData<string, string, string> Of(
        params (string Command, string Idle, string Forward, string Approval, string Paused, string Back)[] rows)
    {
        var cells = new TheoryData<string, string, string>();
        foreach (var row in rows)
        {
            cells.Add(row.Command, "idle", row.Idle);
            cells.Add(row.Command, "forward", row.Forward);
            cells.Add(row.Command, "at an approval", row.Approval);
            cells.Add(row.Command, "paused", row.Paused);
            cells.Add(row.Command, "back", row.Back);
        }

        return cells;
    }
}

using System.Runtime.CompilerServices;
using Slipway.Client;
using Slipway.Screens;
using Slipway.Support;

namespace Slipway.Tests.Screens;

/// <summary>What the control plane tells, as people see it, at every width and on plain terminals.</summary>
public sealed class ReleaseScreensTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 20, 14, 3, 0, TimeSpan.Zero);

    static readonly ReleaseReport Running = new("shop-43", 43, "shop", "deploy")
    {
        From = "1.4.2",
        To = "1.4.3",
        Strategy = "canary",
        Environment = "production",
        Mode = "forward",
        By = "ci",
        Began = Now.AddSeconds(-45),
        Steps =
        [
            new(1, "scale", "Launch 1 instance of 1.4.3", "done", "", 6),
            new(2, "ask", "Check smoke: GET /", "done", "", 1),
            new(3, "shift", "Route 5 % to 1.4.3", "done", "", 0),
            new(4, "wait", "Watch for 5 min", "now", "", 300),
            new(5, "shift", "Route 25 % to 1.4.3", "next", "", 0),
            new(6, "wait", "Watch for 5 min", "next", "", 300),
            new(7, "settle", "Settle: 1.4.3 is the version to come back to", "next", "", 0),
        ],
        At = 4,
        SharePercent = 5,
        ShareSeenPercent = 5,
        StepEnds = Now.AddSeconds(272),
        EndsAbout = Now.AddMinutes(19),
        Gates =
        [
            new("errors", "undecided", "4.9 % (7 of 142) against 0.1 % (3 of 2,698): looks worse", false, true),
            new("p99", "noHarm", "124 ms, limit 200 ms", true, true),
        ],
        Sides =
        [
            new("1.4.2", "stable", 4, 4)
            {
                SharePercent = 95,
                Traffic = new(95.04, 0.11) { P50Ms = 12.2, P99Ms = 117.4 },
            },
            new("1.4.3", "candidate", 1, 1)
            {
                SharePercent = 5,
                Traffic = new(5, 4.9) { P50Ms = 1.25, P99Ms = 1240 },
            },
        ],
    };

    static readonly ReleaseReport Over = Running with
    {
        Mode = "over",
        Outcome = "rolledBack",
        Reason = "gateFailed",
        Why = "errors 4.9 % (9 of 184) against 0.1 % (3 of 3,496): at least 6 times worse, decided after 36 s",
        Ended = Now.AddSeconds(7),
        Cause = "discount codes",
        Commit = "51c0aa7d",
    };

    static readonly EventReport[] Events =
    [
        new(81, Now.AddSeconds(-45), "shop", "started", "release of 1.4.3") { Reason = "asked", By = "ci" },
        new(82, Now.AddSeconds(-45), "shop", "entered", "launch 1 instance of 1.4.3") { Reason = "step 1" },
        new(84, Now.AddSeconds(-38), "shop", "entered", "route 5 % to 1.4.3") { Reason = "step 3" },
        new(86, Now.AddSeconds(-20), "shop", "answered", "yes: looks good") { By = "ann" },
        new(88, Now, "shop", "judged", "gate errors: failed") { Evidence = Over.Why },
        new(89, Now, "shop", "turnedBack", "going back: errors 4.9 %") { Reason = "gateFailed" },
        new(92, Now.AddSeconds(7), "shop", "ended", "1.4.3 rolled back") { Reason = "gateFailed" },
    ];

    static readonly ServiceReport Shop = new("shop", "production")
    {
        Version = "1.4.2",
        Revision = 42,
        Since = Now.AddHours(-5),
        By = "ops",
        Commit = "9f8d111aa",
        State = "4 ready, 1.4.3 rolled back 3 min ago",
        Attention = Attention.Fine,
        Strategy = "canary",
        Replicas = 4,
        Ready = 4,
        Url = "http://127.0.0.1:8080",
        Traffic = new(100.06, 0.02) { P50Ms = 12, P99Ms = 119 },
        Undo = new("1.4.1", true, Now.AddMinutes(40), 6),
        Last = Past(43, "1.4.2", "1.4.3", "rolledBack", "errors 4.9 %"),
        Instances =
        [
            new("shop-1.4.2-1", "1.4.2", "running", "healthy")
            {
                Pid = 4711, Port = 20001, Since = Now.AddMinutes(-26), CpuPercent = 31.4, MemoryPercent = 44,
            },
            new("shop-1.4.2-2", "1.4.2", "running", "unhealthy")
            {
                Pid = 4712, Port = 20002, Why = "GET /ready answered 503 three times, expected 200",
                Dependencies = [new("database", "bad", "connection refused"), new("cache", "good", "")],
            },
        ],
    };

    [Fact]
    public void A_release_under_way() => At(width => ReleaseScreen.Lines(Running, Now, width, Fine),
        () => ReleaseScreen.Lines(Running, Now, 80, Plain));

    [Fact]
    public void A_release_that_moves_its_traffic_shows_both_shares()
    {
        var moving = Running with
        {
            SharePercent = 25,
            Sides = [Running.Sides[0] with { SharePercent = 75 }, Running.Sides[1] with { SharePercent = 25 }],
        };
        At(width => ReleaseScreen.Lines(moving, Now, width, Fine),
            () => ReleaseScreen.Lines(moving, Now, 80, Plain));
    }

    [Fact]
    public void A_release_that_is_over() => At(width => ShowScreen.Lines(Over, Events, Now, width, Fine),
        () => ShowScreen.Lines(Over, Events, Now, 80, Plain));

    [Fact]
    public void A_service() => At(width => ServiceScreen.Lines(Shop, Now, width, Fine),
        () => ServiceScreen.Lines(Shop, Now, 80, Plain));

    [Fact]
    public void Every_service()
    {
        ServiceReport[] all =
        [
            Shop,
            Shop with
            {
                Name = "checkout", State = "10 %, waits for approval 12 min", Attention = Attention.Asks,
                Release = Running with { From = "2.0.9", To = "2.1.0", Mode = "approval" }, Version = "2.0.9",
                Undo = new("2.0.9", true, null, 6),
            },
            Shop with
            {
                Name = "payments", State = "3 of 4 ready, 1 starting", Attention = Attention.Watch, Version = "1.8.4",
                Undo = new("1.8.3", false, null, 8),
            },
        ];
        At(width => StatusScreen.Lines(all, Now, width, Fine),
            () => StatusScreen.Lines(all, Now, 80, Plain));
    }

    [Fact]
    public void Every_service_with_one_that_is_paused_for_a_long_reason()
    {
        const string why = "errors 12 % (24 of 200) against 11 % (440 of 4,000): both sides are over the limit of 1 %, "
            + "so it is not the release; look at what both of them lean on, like the database, and resume then";
        ServiceReport[] all =
        [
            Shop,
            Shop with
            {
                Name = "checkout", State = $"25 %, paused: {why}. {why}", Attention = Attention.Asks,
                Release = Running with { From = "2.0.9", To = "2.1.0", Mode = "paused", Why = why }, Version = "2.0.9",
                Undo = new("2.0.9", true, null, 6),
            },
        ];
        At(width => StatusScreen.Lines(all, Now, width, Fine),
            () => StatusScreen.Lines(all, Now, 80, Plain), [60, 80, 120, 200]);
        foreach (var width in (int[])[60, 80, 120, 200])
            StatusScreen.Lines(all, Now, width, Fine)[0].ShouldMatch("SERVICE +VERSION +STATE +UNDO");
    }

    [Fact]
    public void No_service_yet() =>
        Snapshot.Match(string.Join('\n', StatusScreen.Lines([], Now, 80, Fine)));

    [Fact]
    public void The_history()
    {
        PastReport[] all =
        [
            Past(43, "1.4.2", "1.4.3", "rolledBack", "errors 4.9 %"),
            Past(42, "1.4.1", "1.4.2", "done", "") with { Cause = "fix coupons", By = "ops" },
            Past(41, "1.4.2", "1.4.1", "done", "errors 5 %") with { Kind = "undo", Began = Now.AddDays(-2), By = "" },
            Past(40, "1.4.1", "1.4.2", "done", "") with { Cause = "discount codes", UndoneBy = 41 },
        ];
        At(width => HistoryScreen.Lines("shop", all, Now, width, Fine),
            () => HistoryScreen.Lines("shop", all, Now, 80, Plain));
    }

    [Fact]
    public void How_well_changes_arrive()
    {
        var shop = new DeliveryLine("shop", 42, 3, 4)
        {
            PerDay = 1.4,
            LeadTimeSeconds = 7_260,
            TimeToRestoreSeconds = 14,
            ActiveSeconds = 912,
            WaitingSeconds = 60,
            ChangeFailurePercent = 8.9,
            SuccessPercent = 93.3,
            RollbackPercent = 6.7,
        };
        var report = new DeliveryReport(Now.AddDays(-30), Now, shop with { Name = "all" })
        {
            Services = [shop, new("a-service-with-a-long-name", 0, 0, 0)],
        };
        At(width => DeliveryScreen.Lines(report, width, Fine), () => DeliveryScreen.Lines(report, 80, Plain));
        DeliveryScreen.Lines(report with { Services = [] }, 80, Fine)[^1].ShouldStartWith("No services yet.");
    }

    static Terminal Fine => new() { Zone = TimeZoneInfo.Utc };

    static Terminal Plain => new() { Unicode = false, Zone = TimeZoneInfo.Utc };

    static PastReport Past(int number, string from, string to, string outcome, string why) => new(
        $"shop-{number}", number, "deploy", from, to, outcome, Now.AddMinutes(-4), Now.AddMinutes(-3), "ci", why);

    static void At(
        Func<int, string[]> lines, Func<string[]> plain, int[]? widths = null, [CallerMemberName] string test = "")
    {
        foreach (var width in widths ?? [60, 80, 120])
        {
            var shown = lines(width);
            shown.ShouldAllBe(line => line.Length <= width);
            Snapshot.MatchCase($"{width}", string.Join('\n', shown), test: test);
        }

        var ascii = string.Join('\n', plain());
        ascii.ShouldAllBe(letter => char.IsAscii(letter));
        Snapshot.MatchCase("ascii", ascii, test: test);
    }
}

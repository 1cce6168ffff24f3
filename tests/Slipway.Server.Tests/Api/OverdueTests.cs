using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Reports;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Tests.Api;

/// <summary>A release that has watched for its time, and has not seen enough.</summary>
public sealed class OverdueTests
{
    static readonly DateTimeOffset Began = new(2026, 11, 20, 14, 3, 0, TimeSpan.Zero);
    static readonly Fleet First = new(1);

    readonly Service service = Watching();

    [Theory]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(59.7, false)]
    [InlineData(600, false)]
    public void When_it_ends_is_told_only_while_that_is_known(double seconds, bool known)
    {
        var report = Told(new(), seconds);
        (report.StepEnds is not null, report.EndsAbout is not null).ShouldBe((known, known));
    }

    [Fact]
    public void What_it_waits_for_is_told()
    {
        Now(Told(new(), 59)).ShouldBe("");
        Now(Told(new(), 61)).ShouldBe("waiting for more evidence");
        var silent = new Seen { Judgement = new(1, service.Run!.Entered, [], 0, Answering: false) };
        Now(Told(silent, 61)).ShouldBe("waiting for a silent source");
    }

    static string Now(Client.ReleaseReport report) => report.Steps.Single(step => step.State == "now").Note;

    Client.ReleaseReport Told(Seen seen, double seconds) =>
        ReleaseReports.Of(service, service.Run!, seen, _ => null, Began.AddSeconds(seconds));

    static Service Watching()
    {
        var spec = new ServiceSpec { Service = "shop", Runtime = new RuntimeSpec.Process(["shop"]) };
        Event[] events =
        [
            new Event.Registered(spec),
            new Event.Started(1, RunKind.First, First, Budget.Beside(1),
                [
                    new Step.Scale(First, 0, 1), new Step.Shift(new(Target.All(First))),
                    new Step.Wait(TimeSpan.FromMinutes(1), 0), new Step.Settle(First),
                ])
            {
                NewRevision = new(1, "1.0", spec),
            },
            new Event.Entered(0), new Event.Entered(1), new Event.Entered(2),
        ];
        return new Service("shop").Apply(events.Select((e, i) => new Recorded(i + 1, Began, e)));
    }
}

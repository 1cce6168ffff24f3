using System.Text.RegularExpressions;

namespace Slipway.Tidy.Rules;

/// <summary>Words that promise to be mended later, and code that hides.</summary>
static partial class Wording
{
    public static IEnumerable<Finding> Regions(Page page) =>
        page.Where(line => Region().IsMatch(line), "#region hides code: give its part a file of its own");

    public static IEnumerable<Finding> Reminders(Page page) =>
        page.Where(line => Reminder().IsMatch(line), "a reminder nobody reads: do it now, or write down why not");

    public static IEnumerable<Finding> DeadCode(Page page) =>
        page.Where(line => Commented().IsMatch(line), "commented-out code: delete it, the history keeps it");

    public static IEnumerable<Finding> Sleeps(Page page) => page.Where(line => Sleep().IsMatch(line),
        "a sleep is slow and still too short some day: await what the test waits for, or turn a TimeProvider");

    public static IEnumerable<Finding> Skips(Page page) => page.Where(line => Skip().IsMatch(line),
        "a skipped test is forgotten: mend it or delete it; FactNeeding skips where a program is missing");

    [GeneratedRegex(@"^\s*#(end)?region\b")]
    private static partial Regex Region();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Reminder();

    [GeneratedRegex(@"^\s*//(?!/)\s*([{}]\s*$|[^ ].*[=(].*[;{]\s*$|(return|throw|await|using|var)\b.*;\s*$)")]
    private static partial Regex Commented();

    [GeneratedRegex(@"\b(Thread\.Sleep|Task\.Delay)\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"[(,]\s*Skip\s*=\s*""")]
    private static partial Regex Skip();
}

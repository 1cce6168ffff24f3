using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Plans;

/// <summary>
/// Carries a plan out in the mind, and says what would go wrong: traffic to nobody, a fleet stopped under its traffic,
/// an end that is neither settled nor as it began. Compiled, hand-written and way-back plans pass the same check.
/// </summary>
public sealed class PlanCheck
{
    readonly Dictionary<Fleet, int> _sizes;
    readonly Dictionary<string, string?> _settings;
    readonly List<string> _problems = [];
    readonly Func<Fleet, string> _name;
    RouteTable _table;
    Fleet? _settled;
    int _step;

    PlanCheck(World start, Func<Fleet, string>? name)
    {
        _name = name ?? (fleet => $"{fleet}");
        _sizes = start.Fleets.ToDictionary(wanted => wanted.Fleet, wanted => wanted.Size);
        _settings = start.Settings.ToDictionary(wanted => wanted.Name, wanted => wanted.Value);
        _table = start.Table.Value;
    }

    /// <summary>The problems of a plan that goes forward: it ends settled, or as it began.</summary>
    /// <param name="name">What people call a fleet; its number when not given.</param>
    public static Seq<string> Forward(Seq<Step> plan, World start, Func<Fleet, string>? name = null)
    {
        var check = new PlanCheck(start, name);
        if (plan.Count == 0) check.Problem("the plan is empty");
        check.Walk(plan);
        if (check._settled is null) check.EndsAs(start, "without settling");
        return check._problems.ToSeq();
    }

    /// <summary>
    /// The problems of a way back: from wherever the world is wanted now, it ends as the release began.
    /// </summary>
    public static Seq<string> Back(Seq<Step> plan, World now, World baseline)
    {
        var check = new PlanCheck(now, null);
        check.Walk(plan);
        check.EndsAs(baseline, "the way back");
        return check._problems.ToSeq();
    }

    void Walk(Seq<Step> plan)
    {
        foreach (var step in plan)
        {
            _step++;
            if (_settled is not null && step is not Step.Ask { Question: Question.Verify })
                Problem("nothing may come after settling");
            Take(step);
        }
    }

    void Take(Step step)
    {
        switch (step)
        {
            case Step.Scale x:
                Scale(x);
                break;
            case Step.Shift x:
                foreach (var fleet in x.Table.Fleets.Where(fleet => SizeOf(fleet) == 0))
                    Problem($"traffic would go to {_name(fleet)}, which has no instances: scale it first");
                _table = x.Table;
                break;
            case Step.Set x:
                _settings[x.Name] = x.Value;
                break;
            case Step.Ask { Question: Question.Check check } when _table.WeightOf(check.Fleet) == Share.None:
                Problem(
                    $"the check \"{check.Name}\" could not reach {_name(check.Fleet)}: open its preview address first");
                break;
            case Step.Settle x:
                var share = _table.ShareOf(x.Fleet);
                if (share != Share.All)
                    Problem($"{_name(x.Fleet)} cannot settle with {share} of the traffic: shift 100 % to it first");
                _settled = x.Fleet;
                break;
        }
    }

    void Scale(Step.Scale x)
    {
        if (x.To < 0) Problem("a fleet cannot have less than 0 instances");
        if (x.From != SizeOf(x.Fleet)) Problem($"{_name(x.Fleet)} has {SizeOf(x.Fleet)} instances there, not {x.From}");
        var weight = _table.WeightOf(x.Fleet);
        if (x.To == 0 && weight > Share.None)
            Problem($"{_name(x.Fleet)} would be stopped while it gets {weight} of the traffic: shift it away first");
        _sizes[x.Fleet] = x.To;
    }

    void EndsAs(World world, string what)
    {
        if (_table != world.Table.Value)
            Problem($"{what} ends with the traffic at {Told(_table)}, not as it began ({Told(world.Table.Value)})");
        foreach (var fleet in world.Fleets.Select(wanted => wanted.Fleet).Union(_sizes.Keys).Order())
        {
            var (size, began) = (SizeOf(fleet), world.SizeOf(fleet));
            if (size != began) Problem($"{what} ends with {size} instances of {_name(fleet)}, not {began} as it began");
        }

        foreach (var (name, value) in _settings.Where(set => set.Value != world.SettingOf(set.Key)))
            Problem($"{what} ends with {name} at {value}, not as it began");
    }

    string Told(RouteTable table) => table.Fleets.Any()
        ? string.Join(", ", table.Fleets.Select(fleet => $"{_name(fleet)} {table.WeightOf(fleet)}"))
        : table.Holds ? "hold" : "nobody";

    int SizeOf(Fleet fleet) => _sizes.GetValueOrDefault(fleet);

    void Problem(string text) => _problems.Add(_step == 0 ? text : $"step {_step}: {text}");
}

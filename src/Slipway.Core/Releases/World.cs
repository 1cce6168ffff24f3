using Slipway.Routing;

namespace Slipway.Releases;

/// <summary>
/// What is wanted of the world. Everything carries <c>Since</c>, the sequence of the event that asked for it: the only
/// fence there is. Each target refuses what is older than what it has accepted.
/// </summary>
public sealed record World(Seq<WantedFleet> Fleets, WantedTable Table, Seq<WantedSetting> Settings)
{
    public static readonly World Empty = new([], new(RouteTable.Closed, 0), []);

    /// <summary>Stopped fleets stay wanted at zero for a while, so that a late start of theirs is refused.</summary>
    const int StoppedRemembered = 12;

    public int SizeOf(Fleet fleet) => Find(fleet)?.Size ?? 0;
    public WantedFleet? Find(Fleet fleet) => Fleets.FirstOrDefault(wanted => wanted.Fleet == fleet);
    public string? SettingOf(string name) => Settings.FirstOrDefault(wanted => wanted.Name == name)?.Value;

    public World With(Fleet fleet, int size, long since)
    {
        var fleets = Fleets.Where(wanted => wanted.Fleet != fleet).Append(new(fleet, size, since)).ToSeq();
        var stopped = fleets.Where(wanted => wanted.Size == 0).OrderBy(wanted => wanted.Since).ToSeq()
            .Last(StoppedRemembered);
        return this with
        {
            Fleets = fleets.Where(wanted => wanted.Size > 0).Concat(stopped).OrderBy(wanted => wanted.Fleet).ToSeq(),
        };
    }

    public World With(RouteTable table, long since) => this with { Table = new(table, since) };

    public World With(string setting, string? value, long since) => this with
    {
        Settings = Settings.Where(wanted => wanted.Name != setting).Append(new(setting, value, since))
            .OrderBy(wanted => wanted.Name, StringComparer.Ordinal).ToSeq(),
    };
}

public sealed record WantedFleet(Fleet Fleet, int Size, long Since);

public sealed record WantedTable(RouteTable Value, long Since);

public sealed record WantedSetting(string Name, string? Value, long Since);

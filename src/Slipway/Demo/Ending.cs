namespace Slipway.Demo;

/// <summary>One part of the demo, as its closing screen tells it.</summary>
/// <param name="Claims">What was to happen here and did not.</param>
internal sealed record Scene(string Title, string Result, Seq<string> Notes, Seq<string> Claims);

/// <summary>What the demo has shown.</summary>
internal sealed record Ending(Seq<Scene> Scenes, int Releases, TimeSpan Took, long Requests, Seq<string> Lost)
{
    /// <summary>All of it is stopped and removed.</summary>
    public bool IsOver { get; init; }

    /// <summary>What was claimed and did not happen.</summary>
    public Seq<string> Claims => Scenes.SelectMany(scene => scene.Claims)
        .Concat(Lost.GroupBy(why => why, StringComparer.Ordinal)
            .Select(each => $"no request is lost, not {each.Count()}: {each.Key}"))
        .ToSeq();
}

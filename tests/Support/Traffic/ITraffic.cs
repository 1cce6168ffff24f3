using Slipway.Gates;

namespace Slipway.Support.Traffic;

/// <summary>A stable version and a candidate under one load, second by second.</summary>
public interface ITraffic
{
    /// <summary>Users stay on their side; else each request is drawn by itself.</summary>
    bool IsSticky { get; }

    /// <param name="share">The candidate's; with all of it there is no control.</param>
    Sample Tick(double share);
}

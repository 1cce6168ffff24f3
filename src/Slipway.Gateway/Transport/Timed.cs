namespace Slipway.Gateway.Transport;

/// <summary>Something with a deadline on a loop.</summary>
abstract class Timed(Loop loop)
{
    public const long Never = long.MaxValue;

    long _deadline = Never;

    public Loop Loop { get; } = loop;

    internal Timed? Before, After;
    internal int Slot = Wheel.Nowhere;

    /// <summary>
    /// In the loop's milliseconds. To move it later is one write: the wheel notices when it comes by.
    /// </summary>
    public long Deadline
    {
        get => _deadline;
        set
        {
            _deadline = value;
            if (value != Never) Loop.Wheel.Place(this);
        }
    }

    /// <summary>A coarse while after the deadline. It is taken off the wheel before.</summary>
    internal abstract void OnDeadline();
}

using System.Numerics;

namespace Slipway.Gateway.Transport;

/// <summary>
/// Deadlines in slots of 32 ms, one turn of which takes 16 s. What is due later waits in the last slot, and is placed
/// anew when that comes by.
/// </summary>
sealed class Wheel(long now)
{
    public const int Nowhere = -1;

    const int Slots = 512;
    const int Shift = 5;

    readonly Timed?[] _first = new Timed?[Slots];
    readonly ulong[] _occupied = new ulong[Slots / 64];
    long _tick = now >> Shift;

    public void Place(Timed timed)
    {
        // A slot is due when its whole time is over, so nothing is told too early.
        var tick = Math.Clamp((timed.Deadline >> Shift) + 1, _tick + 1, _tick + Slots - 1);
        var slot = (int)(tick % Slots);
        if (timed.Slot != Nowhere)
        {
            if (Distance(timed.Slot) <= Distance(slot)) return;
            Remove(timed);
        }

        var first = _first[slot];
        (timed.Slot, timed.After, timed.Before) = (slot, first, null);
        if (first is not null) first.Before = timed;
        _first[slot] = timed;
        _occupied[slot / 64] |= 1UL << (slot % 64);
    }

    public void Remove(Timed timed)
    {
        if (timed.Slot == Nowhere) return;
        if (timed.Before is { } before) before.After = timed.After;
        else if ((_first[timed.Slot] = timed.After) is null) _occupied[timed.Slot / 64] &= ~(1UL << (timed.Slot % 64));
        if (timed.After is { } after) after.Before = timed.Before;
        (timed.Slot, timed.Before, timed.After) = (Nowhere, null, null);
    }

    /// <summary>Milliseconds until something may be due; negative when nothing is there.</summary>
    public int Wait(long now)
    {
        for (int i = 1, slot; i < Slots; i += 64 - (slot % 64))
        {
            slot = (int)((_tick + i) % Slots);
            var rest = _occupied[slot / 64] >> (slot % 64);
            if (rest != 0)
                return (int)Math.Max(0, ((_tick + i + BitOperations.TrailingZeroCount(rest)) << Shift) - now);
        }

        return -1;
    }

    public void Turn(long now)
    {
        for (var until = now >> Shift; _tick < until;)
        {
            var slot = (int)(++_tick % Slots);
            while (_first[slot] is { } timed)
            {
                Remove(timed);
                if (timed.Deadline <= now) timed.OnDeadline();
                else if (timed.Deadline != Timed.Never) Place(timed);
            }
        }
    }

    int Distance(int slot) => (int)((slot - (_tick % Slots) + Slots) % Slots);
}

using Slipway.Gates;

namespace Slipway.Adapters.Sources;

/// <summary>
/// One question that is asked again and again, never a second time before the first is answered. What is answered is
/// handed out once, so that one look of a source is not taken for many.
/// </summary>
sealed class Conversation(TimeProvider time, Action<string?> trouble)
{
    readonly Lock _gate = new();
    Task<CustomValue>? _answer;
    long _askedAt;
    string? _why;

    /// <summary>The answer that has come since it was last asked for; asks again when it is time to.</summary>
    public CustomValue? Next(TimeSpan every, Func<Task<CustomValue>> ask)
    {
        CustomValue? come = null;
        lock (_gate)
        {
            if (_answer is { IsCompletedSuccessfully: true }) (come, _answer) = (_answer.Result, null);
            if (_answer is null && (_askedAt == 0 || time.GetElapsedTime(_askedAt) >= every))
                (_askedAt, _answer) = (time.GetTimestamp(), ask());
        }

        if (come is { } value && value.Why != _why) trouble(_why = value.Why);
        return come;
    }
}

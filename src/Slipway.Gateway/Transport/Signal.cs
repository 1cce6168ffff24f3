using System.Runtime.CompilerServices;

namespace Slipway.Gateway.Transport;

/// <summary>One thing that one waits for, on one loop.</summary>
sealed class Signal : ICriticalNotifyCompletion
{
    Action? _waiting;

    public bool IsCompleted { get; private set; }

    public Signal GetAwaiter() => this;
    public void GetResult() { }
    public void OnCompleted(Action continuation) => _waiting = continuation;
    public void UnsafeOnCompleted(Action continuation) => _waiting = continuation;

    public void Reset() => IsCompleted = false;

    public void Set()
    {
        IsCompleted = true;
        var waiting = _waiting;
        _waiting = null;
        waiting?.Invoke();
    }
}

/// <summary>Lets others have their turn.</summary>
readonly struct Turn(Loop loop) : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;
    public Turn GetAwaiter() => this;
    public void GetResult() { }
    public void OnCompleted(Action continuation) => loop.Later(continuation);
    public void UnsafeOnCompleted(Action continuation) => loop.Later(continuation);
}

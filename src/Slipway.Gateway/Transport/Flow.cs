using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Slipway.Gateway.Transport;

/// <summary>
/// What an async method of a loop returns. It goes on where it is resumed, on the loop's thread, carries no execution
/// context, and the box of a method that had to wait is used again by the next: so waiting costs no allocation, however
/// many wait. It is awaited once, or forgotten.
/// </summary>
[AsyncMethodBuilder(typeof(FlowBuilder<>))]
readonly struct Flow<T>
{
    readonly FlowBox<T>? _box;
    readonly T _result;

    internal Flow(FlowBox<T>? box, T result) => (_box, _result) = (box, result);

    public Awaiter GetAwaiter() => new(_box, _result);

    /// <summary>Nobody waits for it: it handles its own exceptions.</summary>
    public void Forget()
    {
        if (_box is null) return;
        if (!_box.Done) _box.Forgotten = true;
    }

    internal readonly struct Awaiter(FlowBox<T>? box, T result) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => box is null || box.Done;
        public T GetResult() => box is null ? result : box.Take();
        public void OnCompleted(Action continuation) => box!.Continuation = continuation;
        public void UnsafeOnCompleted(Action continuation) => box!.Continuation = continuation;
    }
}

#pragma warning disable CA1822 // The compiler calls all of these on an instance.
/// <summary>The compiler's side of it.</summary>
struct FlowBuilder<T>
{
    FlowBox<T>? _box;
    T _result;

    public readonly Flow<T> Task => new(_box, _result);

    public static FlowBuilder<T> Create() => default;

    public readonly void Start<TMachine>(ref TMachine machine) where TMachine : IAsyncStateMachine =>
        machine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine machine) => _ = machine;

    public void SetResult(T result)
    {
        if (_box is null) _result = result;
        else _box.Finish(result, null);
    }

    public void SetException(Exception exception) => (_box ??= new FlowBox<T>()).Finish(default!, exception);

    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : INotifyCompletion where TMachine : IAsyncStateMachine =>
        awaiter.OnCompleted(Boxed(ref machine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : ICriticalNotifyCompletion where TMachine : IAsyncStateMachine =>
        awaiter.UnsafeOnCompleted(Boxed(ref machine));

    Action Boxed<TMachine>(ref TMachine machine) where TMachine : IAsyncStateMachine
    {
        if (_box is FlowBox<T, TMachine> box) return box.MoveNext;
        box = FlowBox<T, TMachine>.Rent();
        // First into the builder, which is part of the machine, then the machine into the box.
        _box = box;
        box.Machine = machine;
        return box.MoveNext;
    }
}

class FlowBox<T>
{
    T _result = default!;
    Exception? _exception;

    public Action? Continuation { get; set; }
    public bool Done { get; private set; }
    public bool Forgotten { get; set; }

    public void Finish(T result, Exception? exception)
    {
        (_result, _exception, Done) = (result, exception, true);
        var (continuation, forgotten) = (Continuation, Forgotten);
        Continuation = null;
        if (forgotten) Reset();
        else continuation?.Invoke();
    }

    public T Take()
    {
        var (result, exception) = (_result, _exception);
        Reset();
        if (exception is not null) ExceptionDispatchInfo.Throw(exception);
        return result;
    }

    void Reset()
    {
        (_result, _exception, Done, Forgotten) = (default!, null, false, false);
        Return();
    }

    private protected virtual void Return() { }
}

sealed class FlowBox<T, TMachine> : FlowBox<T> where TMachine : IAsyncStateMachine
{
    [ThreadStatic]
    static FlowBox<T, TMachine>? _free;

    FlowBox<T, TMachine>? _next;
    public TMachine Machine = default!;

    FlowBox() => MoveNext = () => Machine.MoveNext();

    public Action MoveNext { get; }

    public static FlowBox<T, TMachine> Rent()
    {
        var box = _free;
        if (box is null) return new();
        (_free, box._next) = (box._next, null);
        return box;
    }

    private protected override void Return()
    {
        Machine = default!;
        (_next, _free) = (_free, this);
    }
}

using Slipway.Running;

namespace Slipway.Support;

/// <summary>Waits for facts, instead of looking again and again.</summary>
public static class Awaiting
{
    /// <param name="name">A service that is known already.</param>
    public static async Task Until(
        this Engine engine, string name, Func<Runner, bool> fact, CancellationToken patience)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Moved += Look;
        Look(engine.Find(name)!);
        await reached.Task.WaitAsync(patience);
        engine.Moved -= Look;

        void Look(Runner runner)
        {
            if (runner.Service.Name == name && fact(runner)) reached.TrySetResult();
        }
    }
}

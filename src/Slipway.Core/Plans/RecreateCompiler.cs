namespace Slipway.Plans;

/// <summary>
/// Stop all, start all. Requests are held meanwhile, so a quick start is a slow answer and not an error.
/// </summary>
static class RecreateCompiler
{
    public static Compiled Compile(Situation s) => new(
        new Budget(s.Replicas, 0, s.Replicas) { Exclusive = true },
        [
            new Step.Shift(s.Holding()),
            new Step.Scale(s.Stable, s.StableSize, 0),
            Compiler.Grow(s, s.Replicas),
            .. Compiler.Smoke(s, s.Holding(preview: true)),
            .. Compiler.Cutover(s),
        ]);
}

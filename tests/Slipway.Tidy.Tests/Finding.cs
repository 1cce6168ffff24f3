namespace Slipway.Tidy;

/// <summary>What is not as it should be, where, and what to write instead.</summary>
public sealed record Finding(string Path, int Line, string Text)
{
    public override string ToString() => $"{Path}:{Line}: {Text}";
}

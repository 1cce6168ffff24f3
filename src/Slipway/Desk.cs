using Slipway.Client;
using Slipway.Screens;

namespace Slipway;

/// <summary>
/// What every command works with: where it writes, where it looks for files, what the terminal can show.
/// </summary>
internal sealed record Desk(TextWriter Out, TextWriter Error, string Folder, Surroundings Around)
{
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How a control plane is reached.</summary>
    public Func<Uri, string?, SlipwayClient> Connect { get; init; } = SlipwayClient.For;
    public Terminal Terminal { get; init; } = Terminal.Detect(Around);

    public static Desk Real => new(Console.Out, Console.Error, Environment.CurrentDirectory, Surroundings.Real);

    public void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines) Out.WriteLine(line);
    }

    /// <summary>Tells what is wrong and what to do, and says that nothing was done.</summary>
    public int Refuse(string what, params string[] whatToDo)
    {
        Error.WriteLine($"{Terminal.Bad("error:")} {Foreign.Line(what)}");
        foreach (var line in whatToDo) Error.WriteLine($"       {Foreign.Line(line)}");
        return ExitCode.Usage;
    }
}

using System.Text;
using Microsoft.Win32.SafeHandles;
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

    public static Desk Real => new(Output(), Console.Error, Environment.CurrentDirectory, Surroundings.Real);

    public void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines) Out.WriteLine(line);
    }

    /// <summary>Tells what is wrong and what to do, and says that nothing was done.</summary>
    public int Refuse(string what, params string[] whatToDo)
    {
        Say(Error, $"{Terminal.Bad("error:")} {Foreign.Line(what)}");
        foreach (var line in whatToDo) Say(Error, $"       {Foreign.Line(line)}");
        return ExitCode.Usage;
    }

    /// <summary>Tells what goes on beside the work, and when.</summary>
    public void Tell(TextWriter to, string line) => Say(to, $"{Clock.GetUtcNow():yyyy-MM-dd HH:mm:ss} {line}");

    /// <summary>
    /// The console takes the reader of a pipe that has gone for one that reads on, and a stream of lines would never
    /// end. A file is the console's all the same: others may share the place in it.
    /// </summary>
    static TextWriter Output()
    {
        if (!Console.IsOutputRedirected) return Console.Out;
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.Out
            : TextWriter.Synchronized(new StreamWriter(pipe, new UTF8Encoding(false)) { AutoFlush = true });
    }

    /// <summary>A terminal that was closed, or a full disk behind the output, must not end the work.</summary>
    static void Say(TextWriter to, string line)
    {
        try
        {
            to.WriteLine(line);
        }
        catch (IOException)
        {
            // Nobody can be told that nobody can be told.
        }
    }
}

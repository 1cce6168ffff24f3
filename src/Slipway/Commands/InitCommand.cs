using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Slipway.Begin;

namespace Slipway.Commands;

/// <summary>Writes a slipway.yaml to begin with, by a look at the folder. Never over one that is there.</summary>
internal static class InitCommand
{
    const int UsualPort = 8080, PortsTried = 20;

    public static Command Create(Desk desk)
    {
        var service = new Option<string>("--service") { Description = "How it is called", HelpName = "NAME" };
        return new Verb("init", "Write a slipway.yaml for the service in this folder",
            "slipway init", "slipway init --service shop") { service }
            .Does(desk, (parse, desk) => Run(parse.GetValue(service), desk));
    }

    static int Run(string? service, Desk desk)
    {
        var path = Path.Combine(desk.Folder, "slipway.yaml");
        if (File.Exists(path))
            return desk.Refuse("there is a slipway.yaml in this folder already", "It was left as it is. To check it: "
                + "slipway validate");
        if (service is not null && Guess.Named(service) != service)
            return desk.Refuse($"\"{service}\" is no name of a service",
                $"Small letters, digits and dashes, like {Guess.Named(service)}");
        var guess = Guess.Of(new(desk.Folder));
        if (service is not null) guess = guess with { Service = service };
        var port = FreePort();
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew);
            using var writer = new StreamWriter(file);
            writer.Write(FirstFile.Text(guess, port));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return desk.Refuse($"slipway.yaml can't be written: {e.Message}");
        }

        desk.Print([
            $"Found {guess.What}. Wrote slipway.yaml for {guess.Service}.",
            "",
            "  Look at it    the command, the port, where it says that it is ready",
            $"  Build 1.0     {guess.Build}",
            "  Start         slipway up",
            $"  Ship          slipway deploy {guess.Service} 1.0",
            $"  Visitors      while sleep 0.1; do curl -so /dev/null http://127.0.0.1:{port}/; done",
            "                 in a terminal of its own: a canary is judged by how requests are answered",
        ]);
        return ExitCode.Done;
    }

    /// <summary>The usual one, or the next that nobody has.</summary>
    static int FreePort() => Enumerable.Range(UsualPort, PortsTried).FirstOrDefault(IsFree, UsualPort);

    static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

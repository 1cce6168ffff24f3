using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Life;

/// <summary>
/// How a new process takes the place of the one that runs: it gets the very sockets that are listened on, so nobody who
/// connects meanwhile is refused. Both listen to the same queue until the new one says that it is ready.
/// </summary>
static class Succession
{
    const string Take = "take\n", Ready = "ready\n";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The sockets of the process that runs, by the address that its services name; none when none runs.
    /// </summary>
    public static async Task<Inheritance?> Ask(GatewayFolder folder, CancellationToken cancel)
    {
        if (!File.Exists(folder.Succession)) return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(folder.SuccessionPoint, cancel);
            await socket.SendAsync(Encoding.ASCII.GetBytes(Take), cancel);
            var control = await Line(socket, cancel);
            var count = int.Parse(await Line(socket, cancel), CultureInfo.InvariantCulture);
            var sockets = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < count; i++)
            {
                var listen = await Line(socket, cancel);
                await socket.ReceiveAsync(Memory<byte>.Empty, cancel); // until the byte that carries it is there
                var descriptor = ReceiveFrom(socket);
                if (descriptor < 0) throw new IOException($"The gateway before has not given away {listen}.");
                sockets[listen] = descriptor;
            }

            return new(sockets, control, socket);
        }
        catch (SocketException)
        {
            socket.Dispose(); // it has died, and left its door behind
            return null;
        }
    }

    /// <summary>What the old process does when a new one knocks. Ends when that one is ready.</summary>
    /// <param name="rest">
    /// Ends all orders but the new one's: what is decided from now on, that one is told and passes on to this path.
    /// </param>
    /// <exception cref="IOException">The new one has died before it was ready: the old one goes on.</exception>
    public static async Task Give(
        Socket heir, IReadOnlyDictionary<string, int> sockets, Func<Task<string>> rest, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            if (await Line(heir, patience.Token) != Take.TrimEnd())
                throw new IOException("The new gateway asked for something else.");
            await Say(heir, await rest(), patience.Token);
            await Say(heir, sockets.Count.ToString(CultureInfo.InvariantCulture), patience.Token);
            foreach (var (listen, descriptor) in sockets)
            {
                await Say(heir, listen, patience.Token);
                SendTo(heir, descriptor);
            }

            if (await Line(heir, patience.Token) != Ready.TrimEnd()) throw new IOException("It did not say ready.");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw new IOException($"The new gateway did not come up: {e.Message}", e);
        }
    }

    public static async Task SayReady(Socket predecessor, CancellationToken cancel) =>
        await predecessor.SendAsync(Encoding.ASCII.GetBytes(Ready), cancel);

    static async Task Say(Socket socket, string line, CancellationToken cancel) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(line + "\n"), cancel);

    /// <summary>Byte by byte: what follows a line may carry a descriptor, which a longer read would lose.</summary>
    static async Task<string> Line(Socket socket, CancellationToken cancel)
    {
        var (line, one) = (new List<byte>(), new byte[1]);
        while (true)
        {
            if (await socket.ReceiveAsync(one, cancel) == 0) throw new IOException("The other gateway has hung up.");
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]);
            line.Add(one[0]);
        }
    }

    static void SendTo(Socket socket, int descriptor) =>
        Native.SendDescriptor((int)socket.Handle, descriptor);

    static int ReceiveFrom(Socket socket) => Native.ReceiveDescriptor((int)socket.Handle);
}

/// <summary>What a process takes over, and the line to the one that it takes it from.</summary>
/// <param name="Control">Where that one is told what is ordered.</param>
sealed record Inheritance(IReadOnlyDictionary<string, int> Sockets, string Control, Socket Predecessor) : IDisposable
{
    public void Dispose() => Predecessor.Dispose();
}

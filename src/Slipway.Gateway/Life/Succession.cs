using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Slipway.Gateway.Transport;
using Limits = Slipway.Gateway.Routing.Limits;

namespace Slipway.Gateway.Life;

/// <summary>
/// How a new process takes the place of the one that runs: it gets the very sockets that are listened on, so nobody who
/// connects meanwhile is refused. Both listen to the same queue until the new one says that it is ready.
/// </summary>
static class Succession
{
    const string Take = "take", Copies = "copy", Ready = "ready";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    static readonly TimeSpan CopyPatience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The sockets of the process that runs, by the address that its services name; of one that has died, what somebody
    /// has kept of it; none when nobody ran.
    /// </summary>
    public static async Task<Inheritance?> Ask(GatewayFolder folder, CancellationToken cancel) =>
        await Ask(folder.Succession, Take, cancel) ?? await Ask(folder.Kept, Take, cancel);

    /// <summary>The sockets of the process that runs, which goes on; null when none answers.</summary>
    public static async Task<Dictionary<string, int>?> Copy(GatewayFolder folder, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(CopyPatience);
        try
        {
            using var got = await Ask(folder.Succession, Copies, patience.Token);
            return got is null ? null : new(got.Sockets, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>What somebody wants who has knocked: false for copies, which he has then got.</summary>
    /// <exception cref="IOException">He has gone, or wants something else.</exception>
    public static async Task<bool> IsHeir(
        Socket visitor, IReadOnlyDictionary<string, int> sockets, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(CopyPatience);
        try
        {
            var asked = await Line(visitor, patience.Token);
            if (asked == Take) return true;
            if (asked != Copies) throw new IOException($"Somebody asked for '{asked}'.");
            await Give(visitor, "", sockets, patience.Token);
            return false;
        }
        catch (Exception e) when (e is SocketException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new IOException($"Somebody knocked and did not go on: {e.Message}", e);
        }
    }

    /// <summary>What the old process does when a new one has asked. Ends when that one is ready.</summary>
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
            await Give(heir, await rest(), sockets, patience.Token);
            if (await Line(heir, patience.Token) != Ready) throw new IOException("It did not say ready.");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw new IOException($"The new gateway did not come up: {e.Message}", e);
        }
    }

    /// <summary>To one that takes the place of one that has died: nobody is there to be told of orders.</summary>
    public static async Task Hand(Socket heir, IReadOnlyDictionary<string, int> sockets, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        if (await Line(heir, patience.Token) != Take) return;
        await Give(heir, "", sockets, patience.Token);
        await Line(heir, patience.Token); // ready, or gone: the sockets are kept in any case
    }

    /// <exception cref="IOException">It has gone on by itself meanwhile.</exception>
    public static async Task SayReady(Socket predecessor, CancellationToken cancel)
    {
        try
        {
            await Say(predecessor, Ready, cancel);
        }
        catch (SocketException e)
        {
            throw new IOException("The gateway that runs here has waited for this one in vain, and goes on: start this "
                + "one again.", e);
        }
    }

    static async Task<Inheritance?> Ask(string path, string what, CancellationToken cancel)
    {
        if (!File.Exists(path)) return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            await Say(socket, what, cancel);
            var control = await FirstLine(socket, cancel);
            return new(await Sockets(socket, cancel), control.Length > 0 ? control : null, socket)
            {
                Process = ProcessOf(socket),
            };
        }
        catch (SocketException)
        {
            socket.Dispose(); // it has died, and left its door behind
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A process that was stopped still has its door, and never says a word.</summary>
    static async Task<string> FirstLine(Socket socket, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Limits.TakePatience);
        try
        {
            return await Line(socket, patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var process = ProcessOf(socket);
            throw new IOException($"The gateway that runs here, process {process}, does not answer. If it was stopped, "
                + $"let it go on: kill -CONT {process}. Otherwise end it, which costs what it has under way: "
                + $"kill -KILL {process}. Then start this one again.");
        }
    }

    static async Task<Dictionary<string, int>> Sockets(Socket socket, CancellationToken cancel)
    {
        var count = int.Parse(await Line(socket, cancel), CultureInfo.InvariantCulture);
        var sockets = new Dictionary<string, int>(StringComparer.Ordinal);
        var one = new byte[1];
        for (var i = 0; i < count; i++)
        {
            var listen = await Line(socket, cancel);
            // Until the byte that carries it is there, which is left in its place. To wait for nothing at all would be
            // over with the late wake-up of an earlier byte.
            await socket.ReceiveAsync(one, SocketFlags.Peek, cancel);
            var descriptor = ReceiveFrom(socket);
            if (descriptor < 0) throw new IOException($"The gateway before has not given away {listen}.");
            sockets[listen] = descriptor;
        }

        return sockets;
    }

    /// <summary>Who listens at the other end, as the kernel knows it.</summary>
    internal static int ProcessOf(Socket socket)
    {
        const int socketLevel = 1, peerCredentials = 17;
        var credentials = new byte[12];
        socket.GetRawSocketOption(socketLevel, peerCredentials, credentials);
        return BitConverter.ToInt32(credentials);
    }

    static async Task Give(
        Socket visitor, string control, IReadOnlyDictionary<string, int> sockets, CancellationToken cancel)
    {
        await Say(visitor, control, cancel);
        await Say(visitor, sockets.Count.ToString(CultureInfo.InvariantCulture), cancel);
        foreach (var (listen, descriptor) in sockets)
        {
            await Say(visitor, listen, cancel);
            SendTo(visitor, descriptor);
        }
    }

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
/// <param name="Control">Where that one is told what is ordered; null when it has died.</param>
sealed record Inheritance(IReadOnlyDictionary<string, int> Sockets, string? Control, Socket Predecessor) : IDisposable
{
    /// <summary>The number of the process that it is taken from.</summary>
    public int Process { get; init; }

    public void Dispose() => Predecessor.Dispose();
}

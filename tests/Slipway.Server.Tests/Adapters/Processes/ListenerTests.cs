using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slipway.Adapters.Processes;

namespace Slipway.Tests.Adapters.Processes;

public sealed class ListenerTests : IDisposable
{
    readonly TcpListener open = new(IPAddress.Loopback, 0);

    public ListenerTests() => open.Start();

    int Port => ((IPEndPoint)open.LocalEndpoint).Port;

    public void Dispose() => open.Dispose();

    [Fact]
    public void Who_listens_at_a_port_is_known_by_name() =>
        Listener.OwnersOf(Port).ShouldContain(owner => owner.Pid == Environment.ProcessId);

    [Fact]
    public void A_port_that_nobody_listens_at_has_no_owner_and_belongs_to_nobody()
    {
        var port = Port;
        open.Stop();
        Listener.OwnersOf(port).ShouldBeEmpty();
        Listener.BelongsTo(port, [Environment.ProcessId]).ShouldBeNull();
    }

    /// <summary>A busy machine has hundreds of processes, and thousands of lines in the table.</summary>
    [Fact]
    public void The_table_of_sockets_is_read_once_however_many_processes_there_are()
    {
        var table = File.ReadAllBytes("/proc/net/tcp").Length;
        var before = ReadByThisThread();
        Listener.OwnersOf(Port);
        // Others open and close connections meanwhile, and the owner's own name is read too.
        (ReadByThisThread() - before).ShouldBeLessThan(3 * table + 65_536);
    }

    static long ReadByThisThread() => long.Parse(
        File.ReadLines("/proc/thread-self/io").First()["rchar: ".Length..], CultureInfo.InvariantCulture);
}

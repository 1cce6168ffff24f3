using System.Text;
using System.Text.Json;
using Slipway.Gateway.Routing;
using Slipway.Support;

namespace Slipway.Gateway.Telemetry;

/// <summary>One line of JSON for each request, when that is wanted.</summary>
public sealed class AccessLogTests : IDisposable
{
    readonly Street _street = new();
    readonly TemporaryFolder _folder = new();

    public AccessLogTests() => _street.Route(Street.Split(0));

    string File => _folder.File("access.log");

    public void Dispose() => _folder.Dispose();

    void Ask(string path, Exchange exchange) => Ask(_street, path, exchange);

    static void Ask(Street street, string path, Exchange exchange)
    {
        var head = Heads.Get(path);
        var claim = street.Claim(head);
        street.Lane.Log!.Write(claim, head, Street.Anybody, "id-1"u8, exchange);
        claim.Release();
    }

    [Fact]
    public async Task A_line_says_who_asked_what_and_what_came_of_it()
    {
        await using (new AccessLog(_street.Sites, File))
        {
            Ask("/a\"b\\ü\u0001", new(200) { Microseconds = 812, BytesIn = 5, BytesOut = 59 });
            Ask("/", new(504, Ending.TimedOut));
        }

        var lines = System.IO.File.ReadAllLines(File).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Count.ShouldBe(2);
        var first = lines[0];
        first.GetProperty("at").GetDateTimeOffset().ShouldBe(_street.Time.Now);
        first.GetProperty("service").GetString().ShouldBe("shop");
        first.GetProperty("fleet").GetString().ShouldBe("r1");
        first.GetProperty("client").GetString().ShouldBe("192.0.2.7");
        first.GetProperty("path").GetString()![..5].ShouldBe("/a\"b\\");
        first.GetProperty("status").GetInt32().ShouldBe(200);
        first.GetProperty("us").GetInt64().ShouldBe(812);
        first.GetProperty("id").GetString().ShouldBe("id-1");
        lines[1].GetProperty("ended").GetString().ShouldBe("timed out");
    }

    [Fact]
    public async Task A_full_file_makes_room_for_the_next()
    {
        for (var life = 0; life < 3; life++)
            await using (new AccessLog(_street.Sites, File, full: 10))
                Ask($"/{life}", new(200));
        System.IO.File.ReadAllText($"{File}.1").ShouldContain("\"/2\"");
        System.IO.File.ReadAllText($"{File}.3").ShouldContain("\"/0\"");
    }

    [Fact]
    public async Task Two_gateways_write_into_one_file_and_only_the_later_makes_room_in_it()
    {
        var next = new Street();
        next.Route(Street.Split(0));
        var heir = new AccessLog(next.Sites, File);
        await using (var old = new AccessLog(_street.Sites, File, full: 10))
        {
            old.LeaveToHeir();
            Ask("/old", new(200));
        }

        Ask(next, "/new", new(200));
        await heir.DisposeAsync();
        var lines = System.IO.File.ReadAllLines(File);
        lines.Length.ShouldBe(2);
        lines[0].ShouldContain("\"/old\"");
        lines[1].ShouldContain("\"/new\"");
    }

    [Fact]
    public async Task A_file_that_somebody_cuts_goes_on_at_its_beginning()
    {
        System.IO.File.WriteAllText(File, new string('-', 1_000));
        await using (new AccessLog(_street.Sites, File))
        {
            System.IO.File.WriteAllText(File, "");
            Ask("/next", new(200));
        }

        System.IO.File.ReadAllText(File).ShouldStartWith("{");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_somebody_takes_away_is_begun_anew(bool keeps)
    {
        await using (new AccessLog(_street.Sites, File))
        {
            if (keeps) System.IO.File.Move(File, $"{File}.yesterday");
            else System.IO.File.Delete(File);
            Ask("/next", new(200));
        }

        System.IO.File.ReadAllText(File).ShouldContain("\"/next\"");
    }

    [Fact]
    public void Where_no_file_can_be_it_says_what_to_name()
    {
        var nowhere = _folder.File("no/such/folder");
        Should.Throw<IOException>(() => new AccessLog(_street.Sites, nowhere)).Message.ShouldBe(
            $"The access log {nowhere} cannot be written: No such file or directory. It has to be a file in a folder "
            + "that exists and that this user may write to.");
    }

    [Fact]
    public async Task A_full_disk_costs_lines_and_nothing_else_and_says_so_once()
    {
        var told = new List<string>();
        var first = new TaskCompletionSource();
        void Tell(string line)
        {
            told.Add(line);
            first.TrySetResult();
        }

        await using (new AccessLog(_street.Sites, File, null, _ => new FullDisk()) { Tell = Tell })
        {
            Ask("/lost", new(200));
            await first.Task; // and then there is nothing more to write, which proves nothing
        }

        told.ShouldHaveSingleItem().ShouldContain("cannot be written, its lines are dropped: no room");

        using var disk = new FullDisk { IsFull = false };
        var log = new AccessLog(_street.Sites, File, null, _ => disk) { Tell = told.Add };
        Ask("/kept", new(200));
        await log.DisposeAsync();
        Encoding.ASCII.GetString(disk.ToArray()).ShouldContain("/kept");
    }

    /// <summary>Takes a part of what is written before it notices.</summary>
    sealed class FullDisk : MemoryStream
    {
        public bool IsFull { get; init; } = true;
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            base.Write(IsFull ? buffer[..10] : buffer);
            if (IsFull) throw new IOException("no room");
        }
    }

    [Fact]
    public void What_nobody_takes_in_time_is_dropped_and_counted()
    {
        var lines = new LogLines(size: 100);
        for (var i = 0; i < 5; i++) lines.Enqueue(Encoding.ASCII.GetBytes($"line {i} of thirty characters.\n"));
        lines.Dropped.ShouldBe(2);
        var taken = new byte[1000];
        Encoding.ASCII.GetString(taken, 0, lines.Take(taken)).Split('\n').Length.ShouldBe(4);
        lines.Enqueue("again\n"u8);
        Encoding.ASCII.GetString(taken, 0, lines.Take(taken)).ShouldBe("again\n");
    }

    [Fact]
    public void A_line_costs_no_memory()
    {
        var lines = new LogLines();
        var (head, claim) = (Heads.Get("/some/path"), _street.Claim(Heads.Get("/")));
        var taken = new byte[4096];
        for (var i = 0; i < 100; i++) lines.Write(claim, head, Street.Anybody, "x"u8, new(200));
        Allocated.By(1_000, Line).ShouldBe(0);
        claim.Release();

        void Line()
        {
            lines.Write(claim, head, Street.Anybody, "x"u8, new(200));
            lines.Take(taken);
        }
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8::1", "2001:db8:0:0:0:0:0:1")]
    public void Addresses_are_written_without_a_detour(string address, string written)
    {
        var text = new byte[64];
        var length = Address.From(System.Net.IPAddress.Parse(address)).Write(text);
        Encoding.ASCII.GetString(text, 0, length).ShouldBe(written);
    }
}

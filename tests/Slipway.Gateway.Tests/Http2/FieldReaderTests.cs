using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Slipway.Gateway.Http2;

/// <summary>Header blocks, with the examples of RFC 7541, appendix C.</summary>
public sealed class FieldReaderTests
{
    /// <summary>C.3 and C.4: three requests of one connection, without and with Huffman's code.</summary>
    [Theory]
    [InlineData(
        "828684410f7777772e6578616d706c652e636f6d",
        "828684be58086e6f2d6361636865",
        "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")]
    [InlineData(
        "828684418cf1e3c2e5f23a6ba0ab90f4ff",
        "828684be5886a8eb10649cbf",
        "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void Requests_of_one_connection_are_read_with_the_table_that_grows(string first, string second, string third)
    {
        var table = new FieldTable(4096);
        Read(table, first).ShouldBe(
            ":method=GET :scheme=http :path=/ :authority=www.example.com");
        table.Size.ShouldBe(57);
        Read(table, second).ShouldBe(
            ":method=GET :scheme=http :path=/ :authority=www.example.com cache-control=no-cache");
        table.Size.ShouldBe(110);
        Read(table, third).ShouldBe(
            ":method=GET :scheme=https :path=/index.html :authority=www.example.com custom-key=custom-value");
        (table.Size, table.Count).ShouldBe((164, 3));
    }

    /// <summary>C.5 and C.6: three answers, through a table of 256 bytes that has to forget.</summary>
    [Theory]
    [InlineData(
        "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f" +
        "2f7777772e6578616d706c652e636f6d",
        "4803333037c1c0bf",
        "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b" +
        "425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31")]
    [InlineData(
        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
        "4883640effc1c0bf",
        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af" +
        "27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007")]
    public void A_table_forgets_the_oldest_when_it_is_full(string first, string second, string third)
    {
        var table = new FieldTable(256);
        const string date = "date=Mon, 21 Oct 2013 20:13:21 GMT location=https://www.example.com";
        Read(table, first).ShouldBe($":status=302 cache-control=private {date}");
        table.Size.ShouldBe(222);
        Read(table, second).ShouldBe($":status=307 cache-control=private {date}");
        table.Size.ShouldBe(222);
        Read(table, third).ShouldBe(":status=200 cache-control=private date=Mon, 21 Oct 2013 20:13:22 GMT " +
            "location=https://www.example.com content-encoding=gzip " +
            "set-cookie=foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");
        (table.Size, table.Count).ShouldBe((215, 3));
    }

    [Theory]
    [InlineData("400a637573746f6d2d6b65790d637573746f6d2d686561646572", "custom-key=custom-header", 55)] // C.2.1
    [InlineData("040c2f73616d706c652f70617468", ":path=/sample/path", 0)] // C.2.2
    [InlineData("100870617373776f726406736563726574", "password=secret", 0)] // C.2.3
    [InlineData("82", ":method=GET", 0)] // C.2.4
    [InlineData("203fe11f82", ":method=GET", 0)] // 4.2: two changes of the size at the beginning
    [InlineData("", "", 0)]
    public void Each_form_of_a_field_is_read(string block, string fields, int size)
    {
        var table = new FieldTable(4096);
        Read(table, block).ShouldBe(fields);
        table.Size.ShouldBe(size);
    }

    [Theory]
    [InlineData("80")] // 6.1: there is no field zero
    [InlineData("be")] // 2.3.3: behind both tables
    [InlineData("ffffffffff0f")] // 5.1: a number too large
    [InlineData("ffffffffffffffffff")] // 5.1: a number without end
    [InlineData("3fe21f")] // 4.2: larger than was told
    [InlineData("823fe11f")] // 4.2: a size behind a field
    [InlineData("40")] // no name
    [InlineData("400a6162")] // a name that is cut off
    [InlineData("4001")] // a length alone
    [InlineData("00016101")] // no value
    [InlineData("0001618400000000")] // 5.2: no ones at the end
    [InlineData("00016184ffffffff")] // 5.2: the end of a string inside of one
    [InlineData("000161821fff")] // 5.2: more than seven bits at the end
    [InlineData("7f")] // an index that is cut off
    public void What_cannot_be_read_fails(string block) =>
        Should.Throw<FormatException>(() => Read(new(4096), block));

    [Fact]
    public void What_is_larger_than_the_table_empties_it()
    {
        var table = new FieldTable(64);
        table.Add("a"u8, "b"u8);
        table.Add("c"u8, new byte[64]);
        (table.Count, table.Size).ShouldBe((0, 0));
        table.Add("d"u8, "e"u8);
        Encoding.ASCII.GetString(table.Name(0)).ShouldBe("d");
    }

    [Fact]
    public void A_name_of_the_table_lasts_while_its_entry_goes()
    {
        var table = new FieldTable(100);
        Read(table, "4001610162");
        for (var i = 0; i < 1_000; i++) Read(table, "7e1e" + Convert.ToHexString(new byte[30])).ShouldStartWith("a=");
        table.Count.ShouldBe(1);
    }

    [Fact]
    public void A_table_of_many_entries_keeps_their_order()
    {
        var table = new FieldTable(4096);
        for (var i = 0; i < 10_000; i++)
        {
            table.Add(Encoding.ASCII.GetBytes($"name{i}"), Encoding.ASCII.GetBytes(new string('v', i % 50)));
            for (var back = 0; back < Math.Min(table.Count, 5); back++)
            {
                Encoding.ASCII.GetString(table.Name(back)).ShouldBe($"name{i - back}");
                table.Value(back).Length.ShouldBe((i - back) % 50);
            }

            table.Size.ShouldBeLessThanOrEqualTo(4096);
        }
    }

    [Fact]
    public void Every_byte_comes_back_from_huffmans_code()
    {
        foreach (var (symbol, code) in Codes())
        {
            var bits = string.Concat(Enumerable.Repeat(code, 8));
            var into = new byte[64];
            var bytes = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2));
            Huffman.Decode([.. bytes], into).ShouldBe(8);
            into[..8].ShouldAllBe(letter => letter == symbol);
        }
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_nothing_grows() => Prop.ForAll(
        Gen.Choose(0, 255).Select(number => (byte)number).ArrayOf().ToArbitrary(), bytes =>
        {
            var table = new FieldTable(256);
            var reader = new FieldReader(table, bytes, new byte[4096]);
            while (reader.Next())
                if (reader.Name.Length + reader.Value.Length > 4096) return false;
            return table.Size <= 256;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithEndSize(300));

    /// <summary>Of some symbols, as appendix B has them.</summary>
    static IEnumerable<(byte Symbol, string Code)> Codes() =>
    [
        ((byte)'0', "00000"), ((byte)'a', "00011"), ((byte)' ', "010100"), ((byte)'=', "100000"), ((byte)'A', "100001"),
        ((byte)':', "1011100"), ((byte)'B', "1011101"), ((byte)'z', "1111011"), ((byte)'&', "11111000"),
        ((byte)'X', "11111100"), ((byte)'!', "1111111000"), ((byte)'\'', "11111111010"), ((byte)'|', "11111111100"),
        ((byte)'#', "111111111010"), ((byte)'\0', "1111111111000"), ((byte)'^', "11111111111100"),
        ((byte)'<', "111111111111100"), ((byte)'\\', "1111111111111110000"), (128, "11111111111111100110"),
        (1, "11111111111111111011000"), ((byte)'\n', "111111111111111111111111111100"),
        (255, "11111111111111111111101110"), (22, "111111111111111111111111111110"),
    ];

    static string Read(FieldTable table, string block)
    {
        var reader = new FieldReader(table, Convert.FromHexString(block), new byte[4096]);
        var fields = new List<string>();
        while (reader.Next())
            fields.Add($"{Encoding.ASCII.GetString(reader.Name)}={Encoding.ASCII.GetString(reader.Value)}");
        return reader.Failed ? throw new FormatException() : string.Join(' ', fields);
    }
}

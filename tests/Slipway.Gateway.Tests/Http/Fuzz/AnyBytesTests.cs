using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Case = Slipway.Gateway.Http.Corpus.Case;

namespace Slipway.Gateway.Http.Fuzz;

/// <summary>Whatever the bytes are, and however they come in pieces: there is one answer.</summary>
public sealed class AnyBytesTests
{
    static readonly string[] Words =
    [
        "GET", "POST", "HEAD", "OPTIONS", " ", "  ", "/", "/a?b", "*", "http://a/", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0",
        "\r\n", "\r\n\r\n", "\n", "\r", "\t", ":", ": ", " :", "Host: a", "Host:", "Content-Length: 5",
        "Content-Length: 0", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Connection: close",
        "Expect: 100-continue", "X: y", "hello", "5\r\nhello\r\n", "0\r\n\r\n", "5;a=b\r\n", ";", "\"", ",", "\0",
        "\x7f",
        "\xe9", "%", "%41", "#", "..",
    ];

    static readonly byte[][] Seeds =
        [.. Case.All.Select(one => one.Bytes).Where(bytes => bytes.Length is > 0 and < 400)];

    [Fact]
    public void Random_words_are_read_the_same_whole_and_in_pieces() => Prop.ForAll(
        Gen.Elements(Words).ListOf().Select(words => Encoding.Latin1.GetBytes(string.Concat(words))).ToArbitrary(),
        IsReadTheSame).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Changed_requests_are_read_the_same_whole_and_in_pieces() =>
        Prop.ForAll(Changed().ToArbitrary(), IsReadTheSame).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    /// <summary>What is accepted has no bytes that another reader could take for an end of a line.</summary>
    [Fact]
    public void What_is_accepted_has_no_line_end_inside_of_a_line() => Prop.ForAll(Changed().ToArbitrary(), bytes =>
    {
        var reader = new RequestReader(WireLimits.Default);
        reader.Begin(bytes, 0);
        if (reader.Read(bytes, bytes.Length) != Progress.Whole) return true;
        var head = reader.Head;
        var clean = !Enumerable.Range(0, head.Count).Any(i =>
            head.Name(i).ContainsAny(":\r\n\0 "u8) || head.Value(i).ContainsAny("\r\n\0"u8));
        return clean && !head.Path.ContainsAny(" \r\n\0#"u8) && !head.Query.ContainsAny(" \r\n\0#"u8)
            && !(head.Has(Known.ContentLength) && head.Has(Known.TransferEncoding));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    /// <summary>A request of the corpus in which a few places are cut out, doubled, or replaced by a word.</summary>
    internal static Gen<byte[]> Changed() => Gen.Elements(Seeds).SelectMany(seed =>
        Gen.Choose(0, seed.Length - 1).SelectMany(at => Gen.Choose(0, 6).SelectMany(cut =>
            Gen.Elements(Words).SelectMany(word => Gen.Choose(0, 3).Select(how => how switch
            {
                0 => [.. seed[..at], .. seed[Math.Min(seed.Length, at + cut)..]],
                1 => [.. seed[..at], .. Encoding.Latin1.GetBytes(word), .. seed[at..]],
                2 => [.. seed[..at], .. Encoding.Latin1.GetBytes(word), .. seed[Math.Min(seed.Length, at + cut)..]],
                _ => (byte[])[.. seed[..at], (byte)(seed[at] ^ (1 << cut)), .. seed[(at + 1)..]],
            })))));

    internal static byte[] Changed(Random random)
    {
        var seed = Seeds[random.Next(Seeds.Length)];
        for (var times = random.Next(3); times >= 0; times--)
        {
            var (from, to) = (random.Next(seed.Length), random.Next(7));
            var word = Encoding.Latin1.GetBytes(Words[random.Next(Words.Length)]);
            seed = random.Next(3) switch
            {
                0 => [.. seed[..from], .. seed[Math.Min(seed.Length, from + to)..], 32],
                1 => [.. seed[..from], .. word, .. seed[Math.Min(seed.Length, from + to)..]],
                _ => [.. seed[..from], (byte)(seed[from] ^ (1 << to)), .. seed[(from + 1)..]],
            };
        }

        return seed;
    }

    static bool IsReadTheSame(byte[] bytes)
    {
        var whole = Reading.Outcome(bytes);
        return whole.SequenceEqual(Reading.Outcome(bytes, [.. Enumerable.Range(0, bytes.Length)]))
            && whole.SequenceEqual(Reading.Outcome(bytes, bytes.Length / 3, bytes.Length / 2));
    }
}

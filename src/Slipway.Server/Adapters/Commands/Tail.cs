using System.Text;
using Slipway.Adapters.Processes;

namespace Slipway.Adapters.Commands;

/// <summary>The end of what comes out of a pipe: a command may talk without end.</summary>
sealed class Tail(int pipe)
{
    const int Most = 4_000;

    readonly byte[] _buffer = new byte[Most];
    readonly char[] _chars = new char[Encoding.UTF8.GetMaxCharCount(Most)];
    readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    readonly StringBuilder _text = new();

    /// <summary>Nobody once everybody has closed it.</summary>
    public int From { get; private set; } = pipe;

    /// <summary>What is there now; how much it was.</summary>
    public int Take()
    {
        var read = Native.Read(From, _buffer);
        if (read <= 0)
        {
            From = Native.Nobody;
            return 0;
        }

        _text.Append(_chars, 0, _decoder.GetChars(_buffer, 0, read, _chars, 0));
        if (_text.Length > Most) _text.Remove(0, _text.Length - Most);
        return read;
    }

    /// <summary>What is still in the pipe, without waiting for more of it.</summary>
    public void TakeRest(int most)
    {
        for (var taken = 0; taken < most && Native.Has(From);) taken += Take();
    }

    public static string Of(string text) => text.Length <= Most ? text : text[^Most..];

    public override string ToString() => _text.ToString();
}

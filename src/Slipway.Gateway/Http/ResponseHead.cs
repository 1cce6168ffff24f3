namespace Slipway.Gateway.Http;

/// <summary>The head of an answer.</summary>
public sealed class ResponseHead : Head
{
    Slice _reason;

    public int Status { get; private set; }

    public ReadOnlySpan<byte> Reason => At(_reason);

    /// <summary>Not the answer yet, but a word before it.</summary>
    public bool IsInterim => Status is >= 100 and < 200 and not 101;

    internal void Begin(byte[] bytes, int start)
    {
        Clear(bytes, start);
        (Status, _reason) = (0, default);
    }

    internal void Answer(int status, Slice reason) => (Status, _reason) = (status, reason);
}

using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Http2;

/// <summary>What has come of a request's body and was not taken yet; never more than its window allows.</summary>
sealed class Inbox(Buffers buffers)
{
    readonly Queue<byte[]> _held = new();
    byte[] _last = [];
    int _start, _end;

    public int Count { get; private set; }

    public void Put(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_end == _last.Length)
            {
                _last = buffers.Rent(_held.Count == 0 ? bytes.Length : Buffers.Large);
                _held.Enqueue(_last);
                _end = 0;
            }

            var count = Math.Min(bytes.Length, _last.Length - _end);
            bytes[..count].CopyTo(_last.AsSpan(_end));
            _end += count;
            Count += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>How many bytes were put into these.</summary>
    public int Take(Span<byte> into)
    {
        var taken = 0;
        while (taken < into.Length && Count > 0)
        {
            var first = _held.Peek();
            var end = first == _last ? _end : first.Length;
            var count = Math.Min(into.Length - taken, end - _start);
            first.AsSpan(_start, count).CopyTo(into[taken..]);
            taken += count;
            Count -= count;
            _start += count;
            if (_start < end) break;
            buffers.Return(_held.Dequeue());
            _start = 0;
            if (Count == 0) Forget();
        }

        return taken;
    }

    public void Close()
    {
        while (_held.TryDequeue(out var bytes)) buffers.Return(bytes);
        Count = 0;
        Forget();
    }

    void Forget() => (_last, _start, _end) = ([], 0, 0);
}

using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Telemetry;

/// <summary>
/// Writes what the loops have to say into a file, a few times a second. When the file is full it becomes
/// <c>name.1</c>, what that was becomes <c>name.2</c>, and the oldest goes. Others may move or cut it too; and while
/// one gateway takes the place of another both write into it.
/// </summary>
public sealed class AccessLog : IAsyncDisposable
{
    readonly string _path;
    readonly Func<string, Stream> _opener;
    readonly long _full;
    readonly Sites _sites;
    readonly byte[] _buffer = new byte[64 * 1024];
    readonly CancellationTokenSource _stop = new();
    readonly Task _writing;
    Stream _file;
    volatile bool _left;
    long _lost, _toldOf;

    /// <exception cref="IOException">The file cannot be written.</exception>
    public AccessLog(Sites sites, string path, long? full = null) : this(sites, path, full, LogFile.Open) { }

    internal AccessLog(Sites sites, string path, long? full, Func<string, Stream> opener)
    {
        (_sites, _path, _full, _opener) = (sites, path, full ?? Limits.LogFile, opener);
        try
        {
            _file = opener(path);
        }
        catch (IOException e)
        {
            throw new IOException($"The access log {path} cannot be written: {e.Message}", e);
        }

        sites.BeginLog();
        _writing = Keep();
    }

    /// <summary>Lines that could not be written, or not in time.</summary>
    public long Dropped => Volatile.Read(ref _lost) + _sites.Lanes.Sum(lane => lane.Log?.Dropped ?? 0);

    /// <summary>Told when it cannot be written, and how much is missing when it can again.</summary>
    public Action<string> Tell { get; init; } = _ => { };

    /// <summary>What could not be written, and why; null when all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Another gateway makes room in it from now on: two who do would throw away each other's files.</summary>
    public void LeaveToHeir() => _left = true;

    /// <summary>That other one has not come.</summary>
    public void KeepAgain() => _left = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        await _file.DisposeAsync();
        _stop.Dispose();
    }

    bool IsFull => !_left && _file.Length >= _full;

    async Task Keep()
    {
        using var timer = new PeriodicTimer(Limits.LogEvery, _sites.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) Flush();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Flush();
        }
    }

    /// <summary>A disk that is full costs lines, never requests.</summary>
    void Flush()
    {
        try
        {
            if (_file is LogFile { CanWrite: true, HasMoved: true }) _file.Dispose();
            if (!_file.CanWrite) _file = _opener(_path); // or the last turn of files failed in the middle
            if (IsFull) Rotate(); // so did that before it; more than the cap is not written
            var written = Trouble is null; // what had trouble is well once it has taken a line, not for want of lines
            foreach (var lane in _sites.Lanes)
                while (lane.Log?.Take(_buffer) is { } count and > 0)
                {
                    Write(_buffer.AsSpan(0, count));
                    written = true;
                }

            if (IsFull) Rotate();
            if (written) Recovered();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Trouble is null) Tell($"the access log {_path} cannot be written, its lines are dropped: {e.Message}");
            Trouble = $"The access log {_path} could not be written: {e.Message}";
        }
    }

    /// <summary>Lines are whole, or not there.</summary>
    void Write(ReadOnlySpan<byte> lines)
    {
        var good = _file.Length;
        try
        {
            _file.Write(lines);
            _file.Flush();
        }
        catch (IOException)
        {
            Volatile.Write(ref _lost, _lost + lines.Count((byte)'\n'));
            _file.SetLength(good);
            throw;
        }
    }

    void Recovered()
    {
        if (Trouble is not null) Tell($"the access log {_path} can be written again");
        Trouble = null;
        if (Dropped is var dropped && dropped == _toldOf) return;
        Tell($"{dropped - _toldOf} lines of the access log {_path} are missing: they could not be written in time");
        _toldOf = dropped;
    }

    void Rotate()
    {
        _file.Dispose();
        for (var i = Limits.LogFiles - 1; i > 0; i--)
            if (File.Exists(Name(i))) File.Move(Name(i), Name(i + 1), overwrite: true);
        File.Move(_path, Name(1), overwrite: true);
        _file = _opener(_path);
    }

    string Name(int age) => $"{_path}.{age}";
}

using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Telemetry;

/// <summary>
/// Writes what the loops have to say into a file, a few times a second. When the file is full it becomes
/// <c>name.1</c>, what that was becomes <c>name.2</c>, and the oldest goes.
/// </summary>
public sealed class AccessLog : IAsyncDisposable
{
    readonly string _path;
    readonly long _full;
    readonly Sites _sites;
    readonly byte[] _buffer = new byte[64 * 1024];
    readonly CancellationTokenSource _stop = new();
    readonly Task _writing;
    FileStream _file;

    public AccessLog(Sites sites, string path, long? full = null)
    {
        (_sites, _path, _full) = (sites, path, full ?? Limits.LogFile);
        _file = Open();
        sites.BeginLog();
        _writing = Keep();
    }

    /// <summary>Lines that nobody could write in time.</summary>
    public long Dropped => _sites.Lanes.Sum(lane => lane.Log?.Dropped ?? 0);

    /// <summary>What could not be written, and why; null when all is well.</summary>
    public string? Trouble { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        await _file.DisposeAsync();
        _stop.Dispose();
    }

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
            if (!_file.CanWrite) _file = Open(); // the last turn of files failed in the middle
            foreach (var lane in _sites.Lanes)
                while (lane.Log?.Take(_buffer) is { } count and > 0) _file.Write(_buffer, 0, count);
            _file.Flush();
            if (_file.Length >= _full) Rotate();
            Trouble = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Trouble = $"The access log {_path} could not be written: {e.Message}";
        }
    }

    void Rotate()
    {
        _file.Dispose();
        for (var i = Limits.LogFiles - 1; i > 0; i--)
            if (File.Exists(Name(i))) File.Move(Name(i), Name(i + 1), overwrite: true);
        File.Move(_path, Name(1), overwrite: true);
        _file = Open();
    }

    string Name(int age) => $"{_path}.{age}";

    FileStream Open() => new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
}

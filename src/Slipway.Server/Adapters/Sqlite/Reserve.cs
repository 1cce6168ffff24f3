namespace Slipway.Adapters.Sqlite;

/// <summary>
/// Room on the disk that is taken in good days and given back when the disk is full: enough to end every release under
/// way. While it is given away, nothing new is begun.
/// </summary>
sealed class Reserve(Place place)
{
    public bool Held { get; private set; }

    /// <summary>
    /// Takes the room when there is plenty: twice as much, so that it is not taken from those it was given to.
    /// </summary>
    public void Take()
    {
        if (Held) return;
        try
        {
            Held = File.Exists(place.Reserve) && new FileInfo(place.Reserve).Length == Limits.ReserveBytes;
            if (Held || new DriveInfo(place.Folder).AvailableFreeSpace < 2 * Limits.ReserveBytes) return;
            Fill();
            Held = true;
        }
        // A reserve is welcome, not needed: the next append tries again.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Release();
        }
    }

    /// <summary>False when there was nothing left to give.</summary>
    public bool Release()
    {
        Held = false;
        if (!File.Exists(place.Reserve)) return false;
        File.Delete(place.Reserve);
        return true;
    }

    void Fill()
    {
        using var file = new FileStream(place.Reserve, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            PreallocationSize = Limits.ReserveBytes,
        });
        file.SetLength(Limits.ReserveBytes);
    }
}

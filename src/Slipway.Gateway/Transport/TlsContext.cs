using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Gateway.Transport;

/// <summary>One certificate with its key, as the files were when they were read.</summary>
sealed class TlsContext : SafeHandle
{
    public TlsContext(string certificate, string key, ServerNames names) : base(0, ownsHandle: true) =>
        SetHandle(OpenSsl.NewContext(certificate, key, names.Argument));

    public override bool IsInvalid => handle == 0;

    /// <summary>While this runs it is not freed, though another one may have taken its place.</summary>
    public nint Use(Func<nint, nint> use)
    {
        var taken = false;
        try
        {
            DangerousAddRef(ref taken);
            return use(handle);
        }
        finally
        {
            if (taken) DangerousRelease();
        }
    }

    protected override bool ReleaseHandle()
    {
        OpenSsl.FreeContext(handle);
        return true;
    }
}

/// <summary>Which certificate belongs to which name. Lives as long as the process: OpenSSL keeps hold of it.</summary>
sealed class ServerNames
{
    volatile (string Name, TlsContext Context)[] _known = [];

    public ServerNames() => Argument = GCHandle.ToIntPtr(GCHandle.Alloc(this));

    public nint Argument { get; }

    /// <summary>Clients that know HTTP/2 get it.</summary>
    public bool OffersHttp2 { get; set; }

    /// <summary>What a client gets that asks for no name, or for one that nobody has.</summary>
    public TlsContext? Default => _known is [var first, ..] ? first.Context : null;

    public void Put(IEnumerable<(string Name, TlsContext Context)> known) => _known = [.. known];

    /// <summary>An exact name goes before a pattern like <c>*.example.com</c>.</summary>
    public TlsContext? Find(ReadOnlySpan<byte> name)
    {
        TlsContext? pattern = null;
        foreach (var (known, context) in _known)
            if (Ascii.EqualsIgnoreCase(name, known)) return context;
            else if (known.StartsWith("*.", StringComparison.Ordinal) && name.Length >= known.Length
                && Ascii.EqualsIgnoreCase(name[^(known.Length - 1)..], known.AsSpan(1))) pattern ??= context;
        return pattern;
    }
}

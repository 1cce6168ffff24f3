using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Gateway.Transport;

#pragma warning disable IDE1006, CA1707 // The names are those of OpenSSL.
/// <summary>
/// The calls of OpenSSL 3 that TLS on a socket of the loop needs; the library that .NET itself loads.
/// </summary>
static unsafe partial class OpenSsl
{
    public const int WantRead = 2, WantWrite = 3, PeerClosed = 6;

    const string Library = "libssl.so.3", Crypto = "libcrypto.so.3";
    const int PartialWrite = 1, MovingBuffer = 2, ReleaseBuffers = 0x10;
    const ulong PeerMayJustClose = 1 << 7, NoCompression = 1 << 17, NoRenegotiation = 1 << 30, OwnOrder = 1 << 22;
    const int SetMode = 33, SetCacheMode = 44, SetNamesArgument = 54, SetLowest = 123;
    const int NamesCallback = 53, Tls12 = 0x0303, Pem = 1;
    const int SetEmptyMeansMore = 130, CountPending = 10;
    const int Accepted = 0, Fatal = 2, Ignored = 3;

    static readonly byte[] Http1 = Pinned("http/1.1"u8), Http2 = Pinned("h2"u8);

    /// <exception cref="IOException">The files hold no certificate with its key.</exception>
    public static nint NewContext(string certificate, string key, nint names)
    {
        ERR_clear_error();
        var context = SSL_CTX_new(TLS_server_method());
        if (context == 0) throw new IOException($"OpenSSL gives no context: {Error()}.");
        SSL_CTX_ctrl(context, SetMode, PartialWrite | MovingBuffer | ReleaseBuffers, 0);
        SSL_CTX_ctrl(context, SetCacheMode, 0, 0);
        SSL_CTX_ctrl(context, SetLowest, Tls12, 0);
        _ = SSL_CTX_set_options(context, PeerMayJustClose | NoCompression | NoRenegotiation | OwnOrder);
        SSL_CTX_set_alpn_select_cb(context, &Choose, names);
        SSL_CTX_callback_ctrl(context, NamesCallback, &Name);
        SSL_CTX_ctrl(context, SetNamesArgument, 0, names);
        if (SSL_CTX_use_certificate_chain_file(context, certificate) == 1
            && SSL_CTX_use_PrivateKey_file(context, key, Pem) == 1
            && SSL_CTX_check_private_key(context) == 1) return context;
        var error = Error();
        SSL_CTX_free(context);
        throw new IOException($"TLS cannot be served with certificate '{certificate}' and key '{key}': {error}. " +
            "Both have to be PEM files that belong together.");
    }

    public static void FreeContext(nint context) => SSL_CTX_free(context);

    public static nint NewServer(nint context, int fd)
    {
        var ssl = SSL_new(context);
        if (ssl == 0) return 0;
        // It reads from a memory that we fill, so that we know when the socket is empty without asking it once more.
        var memory = BIO_new(BIO_s_mem());
        BIO_ctrl(memory, SetEmptyMeansMore, -1, 0);
        SSL_set_bio(ssl, memory, BIO_new_socket(fd, 0));
        SSL_set_accept_state(ssl);
        return ssl;
    }

    public static void Free(nint ssl) => SSL_free(ssl);

    public static int Shake(nint ssl)
    {
        ERR_clear_error();
        return Result(ssl, SSL_do_handshake(ssl));
    }

    /// <summary>More than zero: so many bytes; otherwise what hinders, as a negative number.</summary>
    public static int Read(nint ssl, Span<byte> into)
    {
        ERR_clear_error();
        fixed (byte* start = into) return Result(ssl, SSL_read(ssl, start, into.Length));
    }

    public static int Write(nint ssl, ReadOnlySpan<byte> bytes)
    {
        ERR_clear_error();
        fixed (byte* start = bytes) return Result(ssl, SSL_write(ssl, start, bytes.Length));
    }

    /// <summary>What came from the socket, for the next read.</summary>
    public static void Feed(nint ssl, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes) _ = BIO_write(SSL_get_rbio(ssl), start, bytes.Length);
    }

    /// <summary>Something is there that can be read without the socket.</summary>
    public static bool Holds(nint ssl) => SSL_has_pending(ssl) != 0
        || BIO_ctrl(SSL_get_rbio(ssl), CountPending, 0, 0) > 0;

    public static bool ChoseHttp2(nint ssl)
    {
        byte* chosen;
        uint length;
        SSL_get0_alpn_selected(ssl, &chosen, &length);
        return new ReadOnlySpan<byte>(chosen, (int)length).SequenceEqual(Http2);
    }

    public static void SayGoodbye(nint ssl)
    {
        ERR_clear_error();
        _ = SSL_shutdown(ssl);
    }

    static int Result(nint ssl, int result) => result > 0 ? result : -SSL_get_error(ssl, result);

    static string Error()
    {
        var text = stackalloc byte[256];
        ERR_error_string_n(ERR_get_error(), text, 256);
        return Marshal.PtrToStringUTF8((nint)text) ?? "";
    }

    /// <summary>A client that offers protocols has to offer one that is spoken here.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Choose(nint ssl, byte** chosen, byte* chosenLength, byte* offered, uint length, nint names)
    {
        var list = new ReadOnlySpan<byte>(offered, (int)length);
        var http2 = names != 0 && GCHandle.FromIntPtr(names).Target is ServerNames { OffersHttp2: true };
        var choice = http2 && Offers(list, Http2) ? Http2 : Offers(list, Http1) ? Http1 : null;
        if (choice is null) return Fatal;
        *chosen = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(choice, 0);
        *chosenLength = (byte)choice.Length;
        return Accepted;
    }

    static bool Offers(ReadOnlySpan<byte> list, ReadOnlySpan<byte> protocol)
    {
        for (; list.Length > 0 && list[0] < list.Length; list = list[(1 + list[0])..])
            if (list.Slice(1, list[0]).SequenceEqual(protocol)) return true;
        return false;
    }

    static byte[] Pinned(ReadOnlySpan<byte> text)
    {
        var bytes = GC.AllocateArray<byte>(text.Length, pinned: true);
        text.CopyTo(bytes);
        return bytes;
    }

    /// <summary>The certificate of the name that a client asks for.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Name(nint ssl, int* alert, nint names)
    {
        if (names == 0 || SSL_get_servername(ssl, 0) is var name && name == null) return Ignored;
        if (GCHandle.FromIntPtr(names).Target is not ServerNames known) return Ignored;
        if (known.Find(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)) is not { } context) return Ignored;
        context.Use(handle => SSL_set_SSL_CTX(ssl, handle));
        return Accepted;
    }

    [LibraryImport(Library)]
    private static partial nint TLS_server_method();

    [LibraryImport(Library)]
    private static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    private static partial void SSL_CTX_free(nint context);

    [LibraryImport(Library)]
    private static partial nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [LibraryImport(Library)]
    private static partial nint SSL_CTX_callback_ctrl(
        nint context, int command, delegate* unmanaged[Cdecl]<nint, int*, nint, int> callback);

    [LibraryImport(Library)]
    private static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(Library)]
    private static partial void SSL_CTX_set_alpn_select_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int> callback, nint argument);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SSL_CTX_use_certificate_chain_file(nint context, string file);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SSL_CTX_use_PrivateKey_file(nint context, string file, int type);

    [LibraryImport(Library)]
    private static partial int SSL_CTX_check_private_key(nint context);

    [LibraryImport(Library)]
    private static partial nint SSL_new(nint context);

    [LibraryImport(Library)]
    private static partial void SSL_get0_alpn_selected(nint ssl, byte** chosen, uint* length);

    [LibraryImport(Library)]
    private static partial void SSL_free(nint ssl);

    [LibraryImport(Library)]
    private static partial void SSL_set_bio(nint ssl, nint reads, nint writes);

    [LibraryImport(Library)]
    private static partial nint SSL_get_rbio(nint ssl);

    [LibraryImport(Library)]
    private static partial int SSL_has_pending(nint ssl);

    [LibraryImport(Crypto)]
    private static partial nint BIO_s_mem();

    [LibraryImport(Crypto)]
    private static partial nint BIO_new(nint method);

    [LibraryImport(Crypto)]
    private static partial nint BIO_new_socket(int fd, int closes);

    [LibraryImport(Crypto)]
    private static partial int BIO_write(nint bio, byte* bytes, int size);

    [LibraryImport(Crypto)]
    private static partial nint BIO_ctrl(nint bio, int command, nint number, nint pointer);

    [LibraryImport(Library)]
    private static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(Library)]
    private static partial nint SSL_set_SSL_CTX(nint ssl, nint context);

    [LibraryImport(Library)]
    private static partial byte* SSL_get_servername(nint ssl, int type);

    [LibraryImport(Library)]
    private static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Library)]
    private static partial int SSL_read(nint ssl, byte* into, int size);

    [LibraryImport(Library)]
    private static partial int SSL_write(nint ssl, byte* bytes, int size);

    [LibraryImport(Library)]
    private static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Library)]
    private static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Crypto)]
    private static partial void ERR_clear_error();

    [LibraryImport(Crypto)]
    private static partial nuint ERR_get_error();

    [LibraryImport(Crypto)]
    private static partial void ERR_error_string_n(nuint error, byte* text, nint size);
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <param name="OfKey">The key is at fault; otherwise the certificate.</param>
public sealed record CertificateProblem(bool OfKey, string What, string Hint);

/// <summary>A certificate and its key, as a gateway would read them.</summary>
public static class CertificateFiles
{
    /// <summary>Null when users can be served with them.</summary>
    public static CertificateProblem? Problem(string certificate, string key)
    {
        try
        {
            OpenSsl.FreeContext(OpenSsl.NewContext(certificate, key, names: 0));
            return null;
        }
        catch (IOException e)
        {
            return OfCertificate(certificate) is { } what
                ? new(OfKey: false, what, "Name a PEM file with the certificate and its chain.")
                : OfKey(certificate, key, e.Message);
        }
    }

    static CertificateProblem OfKey(string certificate, string key, string why)
    {
        var what = Unreadable("key", key);
        if (what is null && why.Contains("mismatch", StringComparison.Ordinal))
            return new(OfKey: true, $"the key {key} does not belong to the certificate {certificate}",
                "Renew both together: first the certificate, then its key.");
        what ??= File.ReadAllText(key).Contains("ENCRYPTED", StringComparison.Ordinal)
            ? $"the key {key} has a password"
            : $"{key} holds no key";
        return new(OfKey: true, what, "Name a PEM file with the certificate's key, and without a password.");
    }

    static string? OfCertificate(string path)
    {
        if (Unreadable("certificate", path) is { } unreadable) return unreadable;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
            return null;
        }
        catch (CryptographicException)
        {
            return $"{path} holds no certificate";
        }
    }

    static string? Unreadable(string name, string path)
    {
        if (!File.Exists(path)) return $"the {name} {path} does not exist";
        try
        {
            using var file = File.OpenRead(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the {name} {path} cannot be read: {e.Message.TrimEnd('.')}";
        }
    }
}

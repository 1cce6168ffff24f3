using System.Security.Cryptography;
using System.Text;

namespace Slipway.Gateway.Control;

/// <summary>
/// A file that only its owner may read. Whoever can show what stands in it may give orders to the gateway, and cookies
/// are sealed with it.
/// </summary>
public sealed class Secret
{
    const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const int LengthMin = 32;

    readonly byte[] _text;

    Secret(string text) => (Text, _text) = (text, Encoding.UTF8.GetBytes(text));

    /// <summary>What is shown as a bearer token.</summary>
    public string Text { get; }

    public ReadOnlySpan<byte> Bytes => _text;

    /// <summary>Takes the same time whatever is wrong.</summary>
    public bool IsSame(string shown) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), _text);

    /// <summary>Of two who create it at the same time one wins, and both read that one's.</summary>
    public static Secret ReadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            var fresh = $"{path}.{Guid.NewGuid():n}";
            using (var file = new FileStream(fresh, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = Owner,
            })) file.Write(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true)));
            try
            {
                File.Move(fresh, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(fresh);
            }
        }

        return Read(path);
    }

    /// <exception cref="SecretException">It is not there, or not secret.</exception>
    public static Secret Read(string path)
    {
        if (!File.Exists(path)) throw new SecretException($"There is no secret at {path}: the gateway creates it.");
        if ((File.GetUnixFileMode(path) & ~Owner) != 0)
            throw new SecretException($"Others may read the secret {path}: give it mode 600 (chmod 600), and if "
                + "somebody may have read it, delete it and start the gateway anew.");
        var text = File.ReadAllText(path).Trim();
        return text.Length >= LengthMin
            ? new(text)
            : throw new SecretException($"The secret {path} is too short: {LengthMin} characters or more, "
                + "or delete it and the gateway creates one.");
    }
}

/// <summary>A secret that is none, and what to do.</summary>
public sealed class SecretException(string message) : IOException(message);

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Adapters;

/// <summary>What proves to another system that a message is ours, and when it was written.</summary>
static class Signature
{
    public const string Header = "Slipway-Signature";

    /// <summary>Over the time and the body, so that an old message cannot be sent again by somebody else.</summary>
    public static string Of(string secret, DateTimeOffset at, byte[] body)
    {
        var moment = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{moment}."), .. body];
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        return $"t={moment},v1={Convert.ToHexStringLower(mac)}";
    }
}

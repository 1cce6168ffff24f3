using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Gateway.Control;
using Slipway.Plans;
using Slipway.Releases;

namespace Slipway.Approvals;

/// <summary>One question of one release, which whoever has the link may answer once.</summary>
/// <param name="Step">The sequence of the event that has asked.</param>
/// <param name="Until">In seconds since 1970; a pause prolongs it.</param>
/// <param name="For">Whom it was made for; empty for nobody in particular.</param>
public sealed record ApprovalTicket(string Service, int Release, long Step, long Until, string For)
{
    [JsonIgnore]
    public DateTimeOffset Ends => DateTimeOffset.FromUnixTimeSeconds(Until);
}

/// <summary>
/// Signed links, so that a yes needs neither the program nor its token. Nothing is kept of them: a link holds what it
/// is for, and the journal knows whether that was answered.
/// </summary>
public sealed class ApprovalLinks
{
    public const string Path = "/approve";

    readonly byte[] _key;
    readonly Func<string> _address;

    /// <param name="folder">Where the key lies, for its owner alone.</param>
    /// <param name="address">How people reach this control plane.</param>
    public ApprovalLinks(string folder, Func<string> address)
    {
        _key = Secret.ReadOrCreate(System.IO.Path.Combine(folder, "approval.key")).Bytes.ToArray();
        _address = address;
    }

    /// <summary>Null when nobody is asked.</summary>
    public static ApprovalTicket? Ticket(Service s, string who = "") =>
        s.Run is { AwaitsApproval: true, Step: Step.Ask { Question: Question.Approval asked } } run
            ? new(s.Name, run.Release, run.Entered, (run.Since + asked.Timeout).ToUnixTimeSeconds(), who)
            : null;

    public string? Of(Service s, string who = "") => Ticket(s, who) is { } ticket ? Of(ticket) : null;

    public string Of(ApprovalTicket ticket)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(ticket, JsonSerializerOptions.Web);
        return $"{_address().TrimEnd('/')}{Path}/{Base64Url.EncodeToString(payload)}."
            + Base64Url.EncodeToString(Sealed(payload));
    }

    /// <summary>Null when it was not made here, or somebody has changed it.</summary>
    public ApprovalTicket? Read(string token)
    {
        try
        {
            if (token.Split('.') is not [var text, var seal]) return null;
            var payload = Base64Url.DecodeFromChars(text);
            return CryptographicOperations.FixedTimeEquals(Sealed(payload), Base64Url.DecodeFromChars(seal))
                ? JsonSerializer.Deserialize<ApprovalTicket>(payload, JsonSerializerOptions.Web)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    byte[] Sealed(byte[] payload) => HMACSHA256.HashData(_key, (byte[])[.. "approval "u8, .. payload]);
}

using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Forwarding;

/// <summary>What a request is called in logs: the client's own name for it, or one that is made for it.</summary>
sealed class RequestId
{
    const int Length = 32, LongestKept = 128;

    readonly byte[] _made = new byte[Length];

    public static bool IsKept(RequestHead head) => head.Has(Known.RequestId)
        && head.Get(Known.RequestId) is var id && id.Length <= LongestKept && Grammar.IsToken(id)
        && !head.IsNamed(Known.RequestId);

    public void Make(RequestHead head, ref Chance chance)
    {
        if (IsKept(head)) return;
        var pen = new Pen(_made);
        pen.WriteHex(chance.Next());
        pen.WriteHex(chance.Next());
    }

    /// <summary>Valid until the next request.</summary>
    public ReadOnlySpan<byte> Of(RequestHead head) => IsKept(head) ? head.Get(Known.RequestId) : _made;
}

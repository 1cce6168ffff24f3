using System.Net;
using System.Text;
using Slipway.Client;

namespace Slipway.Approvals;

/// <summary>
/// The page behind a link: what is asked, and two buttons. To look at it changes nothing, since mail scanners follow
/// links too.
/// </summary>
static class ApprovalPage
{
    const string Style = "body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}"
        + "td{padding:.1rem 1rem .1rem 0;vertical-align:top}textarea{width:100%}"
        + "button{font:inherit;padding:.4rem 1.2rem}";

    public static string Asks(ReleaseReport r, ApprovalTicket ticket)
    {
        var text = new StringBuilder();
        var versions = r.From is { } from ? $"{from} → {r.To}" : r.To;
        text.Append($"<h1>{Safe(r.Service)} {Safe(versions)}</h1>")
            .Append($"<p>Release {r.Number} waits for an approval.</p><table>");
        Row("Strategy", $"{r.Strategy}, {r.Environment}");
        Row("Begun", $"{r.Began.UtcDateTime:yyyy-MM-dd HH:mm} UTC{(r.By.Length > 0 ? $" by {r.By}" : "")}");
        Row("Why", r.Cause ?? "");
        Row("Commit", r.Commit ?? "");
        Row("Emergency", r.Emergency ?? "");
        Row("Traffic", $"{r.SharePercent:0.##} % on {r.To}");
        Row("Asked of", r.WaitsFor is { Count: > 0 } roles ? string.Join(" or ", roles) : "anybody");
        foreach (var gate in r.Gates) Row($"Gate {gate.Name}", gate.Evidence);
        Row("Until", r.Mode == "paused"
            ? "paused: no time is running, and it begins anew when the release goes on"
            : $"{ticket.Ends.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        text.Append("</table><form method=\"post\"><p><label>Why<br>")
            .Append("<textarea name=\"why\" rows=\"2\" maxlength=\"500\"></textarea></label></p><p>")
            .Append("<button name=\"answer\" value=\"yes\">Approve</button> ")
            .Append("<button name=\"answer\" value=\"no\">Reject</button></p></form>");
        return Whole(text.ToString());

        void Row(string name, string value)
        {
            if (value.Length > 0) text.Append($"<tr><td>{Safe(name)}</td><td>{Safe(value)}</td></tr>");
        }
    }

    public static string Says(string what) => Whole($"<h1>Slipway</h1><p>{Safe(what)}</p>");

    static string Whole(string body) => "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">"
        + $"<title>Slipway</title><style>{Style}</style></head><body>{body}</body></html>\n";

    static string Safe(string text) => WebUtility.HtmlEncode(text);
}

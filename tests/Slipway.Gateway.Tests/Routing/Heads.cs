using System.Text;
using Slipway.Gateway.Http;

namespace Slipway.Gateway.Routing;

/// <summary>Heads of requests as the wire would hand them over.</summary>
static class Heads
{
    public static RequestHead Get(string target, params string[] fields) => Of("GET", target, "shop.example", fields);

    public static RequestHead Of(string method, string target, string host, params string[] fields)
    {
        var bytes = new List<byte>();
        var head = new RequestHead();
        var question = target.IndexOf('?');
        var path = question < 0 ? target : target[..question];
        var query = question < 0 ? "" : target[(question + 1)..];
        var (methodAt, pathAt, queryAt, hostAt) = (Put(method), Put(path), Put(query), Put(host));
        var slices = fields.Select(field => field.Split(": ", 2)).Select(field => (Put(field[0]), Put(field[1])))
            .ToList();
        head.Begin([.. bytes], methodAt, pathAt, queryAt);
        head.For(hostAt);
        foreach (var (name, value) in slices) head.Add(name, value);
        return head;

        RequestHead.Slice Put(string text)
        {
            var slice = new RequestHead.Slice(bytes.Count, Encoding.UTF8.GetByteCount(text));
            bytes.AddRange(Encoding.UTF8.GetBytes(text));
            return slice;
        }
    }
}

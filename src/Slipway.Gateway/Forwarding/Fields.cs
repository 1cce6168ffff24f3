using Slipway.Gateway.Http;

namespace Slipway.Gateway.Forwarding;

/// <summary>The fields that pass from one side to the other.</summary>
static class Fields
{
    /// <summary>
    /// Without those of one connection, and those that are written anew. Neighbours are copied at once.
    /// </summary>
    public static void WriteKept(ref Pen pen, Head head, Known dropped)
    {
        int from = 0, to = 0;
        for (var i = 0; i < head.Count; i++)
        {
            if (head.IsDropped(i, dropped)) continue;
            var field = head[i];
            if (field.Name.Start != to)
            {
                pen.Write(head.At(new(from, to - from)));
                from = field.Name.Start;
            }

            to = field.End;
        }

        pen.Write(head.At(new(from, to - from)));
    }

    /// <summary>All values of a field that is a list, each with a comma behind it.</summary>
    public static void WriteList(ref Pen pen, Head head, Known known)
    {
        if (!head.Has(known)) return;
        for (var i = 0; i < head.Count; i++)
        {
            if (head[i].Known != known || head[i].Value.Length == 0) continue;
            pen.Write(head.Value(i));
            pen.Write(", "u8);
        }
    }
}

namespace Slipway.Gateway.Http;

/// <summary>A connection's bytes, read piece by piece as a loop would, and what became of them.</summary>
static class Reading
{
    public static List<string> Outcome(byte[] bytes, params ReadOnlySpan<int> pieces)
    {
        var reader = new RequestReader(WireLimits.Default);
        var outcome = new List<string>();
        var state = new State(reader, bytes);
        reader.Begin(bytes, 0);
        foreach (var end in pieces)
            if (!state.GoOn(end, outcome)) return outcome;
        if (state.GoOn(bytes.Length, outcome) && (state.IsInside(bytes.Length) || outcome.Count == 0))
            outcome.Add("waits");
        return outcome;
    }

    sealed class State(RequestReader reader, byte[] bytes)
    {
        int _at, _begun;
        bool _inBody;
        BodyReader _body;

        public bool IsInside(int end) => _inBody || end > _begun;

        /// <summary>False once the connection is over.</summary>
        public bool GoOn(int end, List<string> outcome)
        {
            while (true)
            {
                if (!_inBody)
                {
                    var progress = reader.Read(bytes, end);
                    if (progress == Progress.Refused) return Refuse(reader.Refusal, outcome);
                    if (progress == Progress.More) return true;
                    (_inBody, _at) = (true, reader.Head.End);
                    _body.Begin(reader.Head.Framing, reader.Head.ContentLength, WireLimits.Default);
                }

                _at += _body.Take(bytes.AsSpan(_at, end - _at));
                if (_body.Refusal != Refusal.None) return Refuse(_body.Refusal, outcome);
                if (!_body.Ended) return true;
                outcome.Add("accepted");
                (_inBody, _begun) = (false, _at);
                reader.Begin(bytes, _at);
            }
        }

        static bool Refuse(Refusal refusal, List<string> outcome)
        {
            outcome.Add($"{refusal.Status()} {refusal}");
            return false;
        }
    }
}

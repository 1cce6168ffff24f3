using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Begin;

/// <summary>A slipway.yaml to begin with: short, safe, and with the words that somebody will look for next.</summary>
internal static class FirstFile
{
    public static string Text(Guess guess, int port)
    {
        var env = guess.Env is { } variables ? $"\n    env: {variables}" : "";
        return $$"""
            # Check it: slipway validate     See what a deploy would do: slipway plan --to 1.0
            service: {{guess.Service}}

            runtime:
              process:
                # A program and its arguments, no shell. {port} and {version} are filled in.
                command: {{Command(guess.Command)}}
                directory: {{guess.Builds}}/{version}{{env}}

            replicas: 2

            health:
              # Where your service says that it takes requests; tcp: true if it has no such address.
              readiness: { http: /, every: 1s }

            traffic:
              listen: 127.0.0.1:{{port}}

            # A tenth of the users first; more as nothing goes wrong; back by itself when something does. Each step
            # waits for 100 requests to the new version (minRequests): without visitors it does not end.
            strategy:
              canary: { steps: [10, 50, 100], every: 1m }

            gates:
              - { errorRate: { max: 1% } }
              - { compare: errorRate, worseBy: 0.5% }
              - { memory: { max: 85% } }

            """;
    }

    /// <summary>In one line, which is split at spaces, unless a word would be read as something else there.</summary>
    static string Command(Seq<string> words) => words.All(word => Regex.IsMatch(word, @"^[\w./@=:,{}-]*[\w./@=,{}-]$"))
        ? string.Join(' ', words)
        : $"[{string.Join(", ", words.Select(word => JsonSerializer.Serialize(word)))}]";
}

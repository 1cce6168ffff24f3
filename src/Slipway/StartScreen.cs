namespace Slipway;

/// <summary>What somebody sees who types the name alone: what it is, and the commands of daily life.</summary>
internal static class StartScreen
{
    public const string Text = """
        Slipway ships code, flags and schema changes as one reversible release.

          slipway demo                 see it work, in about a minute
          slipway init                 write a slipway.yaml for your service
          slipway plan --to 1.4.2      see what a deploy would do, step by step
          slipway up                   start it here
          slipway deploy 1.4.2         bring a version to your users, step by step
          slipway status               what runs, and what waits for you
          slipway undo                 go back

        All commands: slipway --help

        """;
}

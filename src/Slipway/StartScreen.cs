namespace Slipway;

/// <summary>What somebody sees who types the name alone: what it is, and the commands of daily life.</summary>
internal static class StartScreen
{
    public const string Text = """
        Slipway ships code, flags and schema changes as one reversible release.

          slipway validate             check the slipway.yaml of this folder
          slipway plan --to 1.4.2      see what a deploy would do, step by step
          slipway schema-file          its JSON Schema, for your editor

        All commands: slipway --help

        """;
}

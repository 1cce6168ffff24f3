using System.CommandLine;
using Slipway.ServiceFile;

namespace Slipway.Commands;

/// <summary>Lets editors complete and check a slipway.yaml while it is typed.</summary>
internal static class SchemaFileCommand
{
    public static Command Create(Desk desk) =>
        new Verb("schema-file", "Print the JSON Schema of slipway.yaml, for editors",
            "slipway schema-file > slipway.schema.json", "slipway schema-file | less")
            .Does(desk, (_, desk) =>
            {
                desk.Out.WriteLine(SlipwaySchema.Text());
                return ExitCode.Done;
            });
}

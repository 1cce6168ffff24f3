using Slipway.Adapters.Commands;
using Slipway.ServiceFile.Shapes;

namespace Slipway.Adapters.Sources;

/// <summary>A command whose output is a number.</summary>
sealed class CommandSource(string root, Variables variables) : ISource
{
    public async Task<Answer> Ask(Inquiry inquiry, CancellationToken cancel)
    {
        // Taken apart before anything is filled in: what has a blank stays one argument.
        var line = CommandLine.Split(inquiry.Text);
        if (line.Wrong is { } wrong) return Answer.Wrong(wrong);
        var command = new Command([.. line.Value!.Select(word => variables.Resolve(inquiry.Names.Fill(word)))], root)
        {
            Environment = variables.Basic(),
        };
        var end = await command.Run(cancel);
        return end.Code == 0
            ? Answer.Of(end.Printed)
            : Answer.No($"the command ended with exit code {end.Code}");
    }
}

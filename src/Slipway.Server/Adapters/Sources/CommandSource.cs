using Slipway.Adapters.Commands;
using Slipway.ServiceFile.Shapes;

namespace Slipway.Adapters.Sources;

/// <summary>A command whose output is a number.</summary>
sealed class CommandSource(string root, Variables variables) : ISource
{
    public async Task<Answer> Ask(Inquiry inquiry, CancellationToken cancel)
    {
        // Taken apart before secrets are filled in: one with a blank stays one argument.
        var line = CommandLine.Split(inquiry.Text);
        if (line.Wrong is { } wrong) return Answer.No(wrong);
        var command = new Command(line.Value!.Select(variables.Resolve).ToList(), root)
        {
            Environment = variables.Basic(),
        };
        var end = await command.Run(cancel);
        return end.Code == 0
            ? Answer.Of(end.Output)
            : Answer.No($"the command ended with exit code {end.Code}");
    }
}

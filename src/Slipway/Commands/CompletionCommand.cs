using System.CommandLine;

namespace Slipway.Commands;

/// <summary>
/// What a shell needs to complete commands: it asks this program itself, so it knows every option of every version.
/// </summary>
internal static class CompletionCommand
{
    const string Bash = """
        # slipway completion for bash:  slipway completion bash > /etc/bash_completion.d/slipway
        _slipway() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" \
            -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _slipway slipway ./slipway
        """;

    const string Zsh = """
        #compdef slipway
        # slipway completion for zsh:  slipway completion zsh > "${fpath[1]}/_slipway"
        _slipway() {
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -a found
        }
        compdef _slipway slipway ./slipway
        """;

    const string Fish = """
        # slipway completion for fish:  slipway completion fish > ~/.config/fish/completions/slipway.fish
        function __slipway
          set -l line (commandline -cp)
          set -l program (commandline -opc)[1]
          $program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c slipway -f -a '(__slipway)'
        """;

    public static Command Create(Desk desk)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish", HelpName = "SHELL" };
        shell.CompletionSources.Add("bash", "zsh", "fish");
        return new Verb("completion", "Print what a shell needs to complete commands",
            "slipway completion bash > /etc/bash_completion.d/slipway", "source <(slipway completion bash)") { shell }
            .Does(desk, (parse, desk) =>
            {
                var script = parse.GetValue(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    "fish" => Fish,
                    _ => null,
                };
                if (script is null)
                    return desk.Refuse($"there is no completion for \"{parse.GetValue(shell)}\"",
                        "There is one for bash, zsh and fish.");
                desk.Out.WriteLine(script);
                return ExitCode.Done;
            });
    }
}

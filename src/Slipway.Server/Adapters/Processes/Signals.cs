namespace Slipway.Adapters.Processes;

static class Signals
{
    public static int Of(string name) => name switch
    {
        "SIGHUP" => 1,
        "SIGINT" => 2,
        "SIGQUIT" => 3,
        "SIGUSR1" => 10,
        "SIGUSR2" => 12,
        _ => 15,
    };
}

using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Slipway.Adapters.Processes;

/// <summary>
/// The few system calls that .NET does not offer: starting a process in a session of its own with nothing of ours in
/// it,
/// and holding on to exactly that process by a descriptor. Linux with glibc 2.34 or newer.
/// </summary>
static unsafe partial class Native
{
    const short SetSigDef = 0x04, SetSigMask = 0x08, SetSid = 0x80;
    const int WriteOnly = 0x1, Create = 0x40, Append = 0x400;
    const int PidfdOpenCall = 434, PidfdSendSignalCall = 424;
    const int LogMode = 0x1A4; // rw-r--r--
    const int WaitByPid = 1, WaitByPidfd = 3, Exited = 4, NoHang = 1;
    public const int Kill = 9;

    /// <summary>Sizes with room to spare: glibc's are 80, 336 and 128 bytes.</summary>
    const int ActionsSize = 512, AttributesSize = 1024, SignalSetSize = 128, SignalInfoSize = 128;

    /// <summary>
    /// Output goes to the end of the log file, input is empty, no descriptor and no variable of ours is passed on.
    /// </summary>
    public static int Spawn(
        IReadOnlyList<string> command, string directory, IEnumerable<string> environment, string log) =>
        Spawn(command, directory, environment, actions =>
        {
            Check(posix_spawn_file_actions_addopen(
                (byte*)actions, 1, log, WriteOnly | Create | Append, LogMode));
            Check(posix_spawn_file_actions_adddup2((byte*)actions, 1, 2));
        });

    /// <summary>The same, with its output and its errors going to two descriptors.</summary>
    public static int Spawn(
        IReadOnlyList<string> command, string directory, IEnumerable<string> environment, int output, int errors) =>
        Spawn(command, directory, environment, actions =>
        {
            Check(posix_spawn_file_actions_adddup2((byte*)actions, output, 1));
            Check(posix_spawn_file_actions_adddup2((byte*)actions, errors, 2));
        });

    static int Spawn(
        IReadOnlyList<string> command, string directory, IEnumerable<string> environment, Action<nint> speakTo)
    {
        var actions = stackalloc byte[ActionsSize];
        var attributes = stackalloc byte[AttributesSize];
        var signals = stackalloc byte[SignalSetSize];
        using var argv = new Strings(command);
        using var envp = new Strings(environment);
        Check(posix_spawn_file_actions_init(actions));
        Check(posix_spawnattr_init(attributes));
        try
        {
            Check(posix_spawn_file_actions_addopen(actions, 0, "/dev/null", 0, 0));
            speakTo((nint)actions);
            Check(posix_spawn_file_actions_addclosefrom_np(actions, 3));
            Check(posix_spawn_file_actions_addchdir_np(actions, directory));
            Check(sigfillset(signals));
            Check(posix_spawnattr_setsigdefault(attributes, signals));
            Check(sigemptyset(signals));
            Check(posix_spawnattr_setsigmask(attributes, signals));
            Check(posix_spawnattr_setflags(attributes, SetSid | SetSigDef | SetSigMask));
            var error = posix_spawnp(out var pid, command[0], actions, attributes, argv.Pointers, envp.Pointers);
            return error == 0
                ? pid
                : throw new Win32Exception(error, $"{command[0]}: {new Win32Exception(error).Message}");
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
        }
    }

    /// <summary>These calls return what went wrong, they do not leave it behind.</summary>
    static void Check(int error)
    {
        if (error != 0) throw new Win32Exception(error);
    }

    /// <summary>Null when there is no such process. While it is open the number belongs to nobody else.</summary>
    public static int? OpenProcess(int pid) => (int)syscall(PidfdOpenCall, pid, 0, 0, 0) is >= 0 and var fd ? fd : null;

    /// <summary>Holds a child that was just started.</summary>
    /// <exception cref="Win32Exception">It cannot be held, and was ended.</exception>
    public static int Watch(int pid)
    {
        if (OpenProcess(pid) is { } pidfd) return pidfd;
        Discard(pid);
        throw new Win32Exception($"the process {pid} cannot be watched: too many files are open");
    }

    public static bool Signal(int pidfd, int signal) => syscall(PidfdSendSignalCall, pidfd, signal, 0, 0) == 0;

    /// <summary>To a whole group; the caller makes sure that the number is still that group's.</summary>
    public static bool SignalGroup(int group, int signal) => kill(-group, signal) == 0;

    /// <summary>
    /// Takes the end of a child of ours; null for a process that is none, whose end is another's to take.
    /// </summary>
    public static string? Reap(int pidfd)
    {
        var info = stackalloc int[SignalInfoSize / sizeof(int)];
        if (waitid(WaitByPidfd, pidfd, info, Exited | NoHang) != 0 || info[4] == 0) return null;
        return info[2] == 1 ? $"exit code {info[6]}" : $"signal {info[6]}";
    }

    /// <summary>Ends a child of ours that was never watched, with all that it has started, and takes its end.</summary>
    static void Discard(int pid)
    {
        var info = stackalloc int[SignalInfoSize / sizeof(int)];
        _ = kill(-pid, Kill);
        _ = waitid(WaitByPid, pid, info, Exited);
    }

    public static void Close(int fd) => _ = close(fd);

    /// <summary>An array of C strings, ended by null.</summary>
    sealed class Strings : IDisposable
    {
        readonly int _count;

        public Strings(IEnumerable<string> items)
        {
            nint[] pointers = [.. items.Select(Marshal.StringToCoTaskMemUTF8), 0];
            _count = pointers.Length;
            Pointers = (nint*)NativeMemory.Alloc((nuint)_count, (nuint)sizeof(nint));
            pointers.CopyTo(new Span<nint>(Pointers, _count));
        }

        public nint* Pointers { get; }

        public void Dispose()
        {
            foreach (var pointer in new ReadOnlySpan<nint>(Pointers, _count)) Marshal.FreeCoTaskMem(pointer);
            NativeMemory.Free(Pointers);
        }
    }
}

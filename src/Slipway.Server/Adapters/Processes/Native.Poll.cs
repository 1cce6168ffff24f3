namespace Slipway.Adapters.Processes;

static unsafe partial class Native
{
    /// <summary>Tells which descriptor has something to say, each one once.</summary>
    public sealed class Poll : IDisposable
    {
        const uint Readable = 0x1, Once = 1u << 30;
        const int AddTo = 1, CloseOnExec = 0x80000;

        readonly int _epoll = epoll_create1(CloseOnExec);
        readonly int _wake = eventfd(0, CloseOnExec);

        public Poll() => Add(_wake);

        public void Add(int fd)
        {
            var what = new EpollEvent { Events = Readable | Once, Data = (ulong)fd };
            _ = epoll_ctl(_epoll, AddTo, fd, &what);
        }

        /// <summary>Waits; null when it was woken to end.</summary>
        public int? Next()
        {
            EpollEvent found;
            while (true)
                if (epoll_wait(_epoll, &found, 1, -1) == 1)
                    return (int)found.Data == _wake ? null : (int)found.Data;
        }

        public void Wake()
        {
            var one = 1UL;
            _ = write(_wake, &one, sizeof(ulong));
        }

        public void Dispose()
        {
            Close(_epoll);
            Close(_wake);
        }
    }
}

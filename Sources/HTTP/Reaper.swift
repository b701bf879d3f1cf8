import CMicroHTTP
import Glibc
import Synchronization

/// A thread that looks after what microhttpd does not: it cuts slow senders, and it empties the
/// sockets of refused uploads for a while, because a socket closed with unread bytes is reset and
/// the client would never see why (nginx calls it a lingering close).
final class Reaper: @unchecked Sendable {
    private struct Lingering {
        var socket: Int32
        var until: Int64
    }

    private var thread = pthread_t()
    private var started = false
    private let wake: UnsafeMutablePointer<sem_t>
    private let stopping = Atomic<Bool>(false)
    private let hurried = Atomic<Bool>(false)
    private let lingering = Mutex<[Lingering]>([])
    private let tick: Int64
    private let sweep: @Sendable (_ now: Int64) -> Void
    private static let drainTick: Int64 = 20
    private static let lingerMilliseconds: Int64 = 2_000

    /// `sweep` is called every `tick` milliseconds.
    init(tick: Int64, sweep: @escaping @Sendable (_ now: Int64) -> Void) {
        self.tick = tick
        self.sweep = sweep
        wake = .allocate(capacity: 1)
        sem_init(wake, 0, 0)
    }

    deinit {
        sem_destroy(wake)
        wake.deallocate()
    }

    /// The errno of a system that gives no more threads, or 0.
    func start() -> Int32 {
        let box = Unmanaged.passRetained(self)
        let failed = pthread_create(
            &thread, nil,
            { raw in
                if let raw { Unmanaged<Reaper>.fromOpaque(raw).takeRetainedValue().run() }
                return nil
            }, box.toOpaque())
        if failed != 0 { box.release() }
        started = failed == 0
        return failed
    }

    func stop() {
        guard started else { return }
        started = false
        stopping.store(true, ordering: .sequentiallyConsistent)
        sem_post(wake)
        pthread_join(thread, nil)
    }

    /// Sweeps at once instead of at the next tick.
    func hurry() {
        guard !hurried.exchange(true, ordering: .sequentiallyConsistent) else { return }
        sem_post(wake)
    }

    /// Takes a socket over, reads it empty until the client closes or two seconds are gone. Beyond
    /// 256 sockets it closes at once: courtesy must not use up the process's descriptors.
    func linger(_ socket: Int32) {
        let isTaken = lingering.withLock { list in
            guard list.count < 256 else { return false }
            list.append(
                Lingering(socket: socket, until: shim_milliseconds() + Reaper.lingerMilliseconds))
            return true
        }
        if isTaken { sem_post(wake) } else { close(socket) }
    }

    private func run() {
        var next = shim_milliseconds() + tick
        while !stopping.load(ordering: .sequentiallyConsistent) {
            let draining = lingering.withLock { !$0.isEmpty }
            let now = shim_milliseconds()
            wait(milliseconds: draining ? Reaper.drainTick : max(1, next - now))
            let then = shim_milliseconds()
            if draining { drain(then) }
            if hurried.exchange(false, ordering: .sequentiallyConsistent) || then >= next {
                sweep(then)
                next = then + tick
            }
        }
        for socket in lingering.withLock({ $0 }) { close(socket.socket) }
    }

    private func wait(milliseconds: Int64) {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        let nanoseconds = Int64(deadline.tv_nsec) + milliseconds % 1000 * 1_000_000
        deadline.tv_sec += Int(milliseconds / 1000 + nanoseconds / 1_000_000_000)
        deadline.tv_nsec = Int(nanoseconds % 1_000_000_000)
        sem_timedwait(wake, &deadline)
    }

    private func drain(_ now: Int64) {
        let sockets = lingering.withLock { list in
            defer { list = [] }
            return list
        }
        var open: [Lingering] = []
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { scratch in
            for one in sockets {
                // At most 4 MiB a tick, so that one flood does not starve the others.
                var state = 0
                for _ in 0..<64 {
                    state = recv(
                        one.socket, scratch.baseAddress, scratch.count, Int32(MSG_DONTWAIT)
                    )
                    if state <= 0 { break }
                }
                let ended = state == 0 || (state < 0 && errno != EAGAIN && errno != EINTR)
                if ended || now > one.until { close(one.socket) } else { open.append(one) }
            }
        }
        let remaining = open
        lingering.withLock { $0.append(contentsOf: remaining) }
    }
}

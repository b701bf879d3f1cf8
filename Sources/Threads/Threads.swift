/// Own threads, because blocking calls (libpq, libcurl) must never run on the cooperative pool: there they freeze the
/// whole process (measured: 4 s). This room knows nothing but POSIX threads.
import Glibc
import Synchronization

/// A named POSIX thread that runs one closure. It is joined, never detached: a stop waits for its threads.
public final class Worker: Sendable {
    private let handle: Mutex<pthread_t?>

    /// Starts a thread. `name` is cut to 15 bytes, the kernel's limit, and shows in `top -H`.
    /// - Parameter nice: how far it gives way to other threads of the machine, 0…19.
    public init(_ name: String, nice: Int = 0, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(
            Body {
                // pthread_setname_np is hidden behind _GNU_SOURCE; the kernel's file does the same.
                let file = open("/proc/thread-self/comm", O_WRONLY)
                if file >= 0 {
                    let bytes = Array(name.utf8.prefix(15))
                    _ = write(file, bytes, bytes.count)
                    close(file)
                }
                // Of the calling thread alone: on Linux each has a niceness of its own (setpriority(2)).
                if nice > 0 {
                    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Int32(nice))
                }
                body()
            })
        let failed = pthread_create(
            &thread, nil,
            { raw in
                Unmanaged<Body>.fromOpaque(raw!).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        precondition(failed == 0, "the system gives no more threads (pthread_create: \(failed))")
        handle = Mutex(thread)
    }

    /// Waits until the thread has ended. Safe to call twice.
    public func join() {
        let thread = handle.withLock { value -> pthread_t? in
            defer { value = nil }
            return value
        }
        if let thread { pthread_join(thread, nil) }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}

/// A value guarded by a lock on which threads can wait for a change. The lock is held only inside the closures.
public final class Monitor<Value>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var value: Value

    public init(_ value: sending Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Reads or changes the value; wakes nobody.
    public func read<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }

    /// Changes the value and wakes every waiting thread.
    public func change<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        return try body(&value)
    }

    /// Changes the value and wakes one of the waiting threads: where they all wait for the same, and any of them will do.
    public func hand<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_signal(condition)
            pthread_mutex_unlock(mutex)
        }
        return try body(&value)
    }

    /// Waits until `body` returns a value, or `milliseconds` have passed (then nil). `body` runs under the lock, once
    /// at the start and once after each change.
    public func wait<Result>(milliseconds: Int? = nil, _ body: (inout Value) -> Result?) -> Result?
    {
        var deadline = timespec()
        if let milliseconds {
            clock_gettime(CLOCK_MONOTONIC, &deadline)
            let total = deadline.tv_nsec + (milliseconds % 1000) * 1_000_000
            deadline.tv_sec += milliseconds / 1000 + total / 1_000_000_000
            deadline.tv_nsec = total % 1_000_000_000
        }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&value) { return result }
            if milliseconds == nil {
                pthread_cond_wait(condition, mutex)
            } else if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT {
                return body(&value)
            }
        }
    }
}

/// Microseconds of the real clock since 1970-01-01 UTC.
public func realMicroseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
}

/// Microseconds of a clock that never goes back; only differences mean something.
public func monotonicMicroseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
}

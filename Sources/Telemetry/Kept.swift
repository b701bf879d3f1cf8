import Glibc

/// The events of a collecting telemetry, with a condition variable on which a test waits for the
/// next one.
final class Kept: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    // Both are touched only under the mutex.
    private var events: [Event] = []
    private var isTaken: [Bool] = []

    init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        // The monotonic clock: a timeout must not depend on somebody setting the time.
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

    func add(_ event: Event) {
        pthread_mutex_lock(mutex)
        events.append(event)
        isTaken.append(false)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    var all: [Event] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return events
    }

    func next(_ name: String, timeoutSeconds: Int) -> Event? {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        deadline.tv_sec += timeoutSeconds
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var looked = 0
        while true {
            while looked < events.count {
                if !isTaken[looked], events[looked].name == name {
                    isTaken[looked] = true
                    return events[looked]
                }
                looked += 1
            }
            if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT,
                looked == events.count
            {
                return nil
            }
        }
    }
}

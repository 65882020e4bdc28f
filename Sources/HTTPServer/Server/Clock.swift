internal import Glibc

/// Time that only moves forward, in nanoseconds: what deadlines and latencies are measured in.
enum Clock {
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static func seconds(_ count: Int) -> UInt64 {
        UInt64(count) * 1_000_000_000
    }
}

import Glibc

/// What tells at a glance whether a database was written to: which file it is, how long, and when it changed.
///
/// A time stands still for a few milliseconds, so a mark that is as young as that cannot be relied on; see ``isSettled(at:)``.
struct FileMark: Hashable, Sendable {
    private struct File: Hashable, Sendable {
        let device: UInt
        let number: UInt
        let size: Int
        let changed: Int64
    }

    private let database: File?
    /// The log of commits, if the database is in WAL mode.
    private let log: File?

    /// The mark of the file as it is now.
    init(path: String) {
        database = FileMark.file(path)
        log = FileMark.file(path + "-wal")
    }

    /// Whether it is another file than before, not the same with other content.
    func isSameFile(as other: FileMark) -> Bool { database?.device == other.database?.device && database?.number == other.database?.number }

    /// Whether a later change is sure to show: the last one was a while ago.
    ///
    /// - Parameter now: nanoseconds since 1970.
    func isSettled(at now: Int64) -> Bool {
        let latest = max(database?.changed ?? .min / 2, log?.changed ?? .min / 2)
        return abs(now &- latest) > 100_000_000
    }

    /// Nanoseconds since 1970.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private static func file(_ path: String) -> File? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let changed = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        return File(device: UInt(status.st_dev), number: UInt(status.st_ino), size: Int(status.st_size), changed: changed)
    }
}

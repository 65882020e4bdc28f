import Dispatch
import Synchronization

/// The shop's records, always as the file has them: read once, and again when the file has changed.
///
/// Whether it has changed is asked at every question: of the kernel, which is asked to watch the file, or where it cannot, of the file system,
/// which takes microseconds. Reading is left to one queue, and all who ask meanwhile share what it brings.
package final class SpendingRecords: Sendable {
    private struct Known {
        var snapshot: SpendingSnapshot?
        var mark: FileMark?
        /// Whether the mark can be relied on.
        var isSettled = false
        /// When the file was last found to have the mark, in nanoseconds; from then on the watch would tell.
        var seen: Int64?
    }

    /// What only the queue touches.
    private struct Reading {
        var reader: SpendingReader
        var mark: FileMark
        var dataVersion: Int64
    }

    package let path: String
    private let queue = DispatchQueue(label: "spending")
    private let known = Mutex(Known())
    private let reading: Mutex<Reading?>
    /// Nil if the kernel cannot watch the file.
    private let watch: FileWatch?

    /// How long the watch is believed, in nanoseconds, before the file is looked at all the same.
    private static let longestTrust: Int64 = 100_000_000

    /// Opens the file, makes sure that it has what is needed, and reads it.
    package init(path: String) throws(SpendingError) {
        self.path = path
        watch = FileWatch(path: path)
        let mark = FileMark(path: path)
        let time = FileMark.now()
        let reader = try SpendingReader(path: path)
        let (snapshot, version) = try reader.read()
        reading = Mutex(Reading(reader: reader, mark: mark, dataVersion: version))
        known.withLock { $0 = Known(snapshot: snapshot, mark: mark, isSettled: mark.isSettled(at: time)) }
    }

    /// The records, if they are known to be as the file has them: does not wait.
    package var current: SpendingSnapshot? {
        // Asked before what is known: who takes an event away has first made known that there was one.
        let isQuiet = watch?.isQuiet ?? false
        return known.withLock { known in
            guard known.isSettled else { return nil }
            let now = FileMark.now()
            if isQuiet, let seen = known.seen, abs(now &- seen) < SpendingRecords.longestTrust { return known.snapshot }
            known.seen = nil
            let isWatched = watch?.renew() ?? false
            guard FileMark(path: path) == known.mark else { return nil }
            if isWatched { known.seen = now }
            return known.snapshot
        }
    }

    /// The records as the file has them, handed over when they are read; at once if they are known.
    package func read(_ done: @escaping @Sendable (Result<SpendingSnapshot, SpendingError>) -> Void) {
        if let current { return done(.success(current)) }
        queue.async { done(Result { () throws(SpendingError) in try self.refresh() }) }
    }

    /// The records as the file has them.
    package func read() async throws(SpendingError) -> SpendingSnapshot {
        let result: Result<SpendingSnapshot, SpendingError> = await withCheckedContinuation { continuation in
            read { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// On the queue: looks closely, and reads what has changed.
    private func refresh() throws(SpendingError) -> SpendingSnapshot {
        if let current { return current }
        // The mark is taken before anything is read: what changes in between shows as a difference afterwards.
        let mark = FileMark(path: path)
        let time = FileMark.now()
        if let unchanged = try unchanged(mark) {
            known.withLock { $0.isSettled = mark.isSettled(at: time) }
            return unchanged
        }
        let snapshot = try reading.withLock { reading throws(SpendingError) in
            let reader: SpendingReader
            if let open = reading, open.mark.isSameFile(as: mark) {
                reader = open.reader
            } else {
                reading = nil
                reader = try SpendingReader(path: path)
            }
            let (snapshot, version) = try reader.read()
            reading = Reading(reader: reader, mark: mark, dataVersion: version)
            return snapshot
        }
        known.withLock { $0 = Known(snapshot: snapshot, mark: mark, isSettled: mark.isSettled(at: time)) }
        return snapshot
    }

    /// What is known, if the file looks the same and SQLite says that nobody wrote to it.
    private func unchanged(_ mark: FileMark) throws(SpendingError) -> SpendingSnapshot? {
        guard let snapshot = known.withLock({ $0.mark == mark ? $0.snapshot : nil }) else { return nil }
        let isSame = try reading.withLock { reading throws(SpendingError) in
            guard let reading else { return false }
            return try reading.reader.dataVersion() == reading.dataVersion
        }
        return isSame ? snapshot : nil
    }
}

package import Experiments
import SQLite

extension Spool {
    /// The oldest batches, up to so many bytes but one at least.
    package func oldestBatches(bytes limit: Int) async throws(SpoolError) -> [SpooledBatch] {
        try await perform { session throws(SpoolError) in
            try Spool.store { () throws(DatabaseError) in try session.oldestBatches(bytes: limit) }
        }
    }

    /// Takes out what the warehouse has; see ``SpoolSession/discard(through:delivered:duplicates:)``.
    package func discard(through last: Int64, delivered: Int, duplicates: Int) async throws(SpoolError) {
        try await perform { [slack = options.slack] session throws(SpoolError) in
            try Spool.store { () throws(DatabaseError) in
                try session.discard(through: last, delivered: delivered, duplicates: duplicates)
            }
            // A disk without room even for that is no reason to refuse events; if it is broken, the next of them will tell.
            try? session.giveBackRoom(beyond: slack)
        }
    }

    /// Takes units' events out, and has the warehouse do the same; gives the number of those that were here.
    package func erase(units: [String], at now: Timestamp) async throws(SpoolError) -> Int {
        try await perform { session throws(SpoolError) in try session.erase(units: units, at: now) }
    }

    /// Takes out what was told of units before they were forgotten, and has the warehouse do the same; gives the number of events.
    package func erase(forgotten time: @escaping @Sendable (_ unit: String) -> Timestamp?) async throws(SpoolError) -> Int {
        try await perform { session throws(SpoolError) in try session.erase(forgotten: time) }
    }

    /// What the warehouse is still to delete.
    package func erasures() async throws(SpoolError) -> [Erasure] {
        try await perform { session throws(SpoolError) in try Spool.store { () throws(DatabaseError) in try session.erasures() } }
    }

    /// The warehouse has deleted units' data.
    package func finish(_ erasures: [Erasure]) async throws(SpoolError) {
        try await perform { session throws(SpoolError) in try Spool.store { () throws(DatabaseError) in try session.erased(erasures) } }
    }

    private static func store<Value>(_ body: () throws(DatabaseError) -> Value) throws(SpoolError) -> Value {
        do throws(DatabaseError) { return try body() } catch { throw .unavailable(reason: error.message) }
    }
}

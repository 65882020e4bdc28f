package import Experiments
import Randomization
package import SQLite

/// Events that lie in the spool, in the order in which they were taken in.
package struct SpooledBatch: Sendable, Hashable {
    /// The numbers of its events; some may have been erased.
    package let numbers: ClosedRange<Int64>
    /// The events; see ``EventCodec``.
    package let bytes: [UInt8]

    /// The events, read anew each time: not on the writer's thread, where others would wait.
    package func events() throws(SpoolError) -> [Event] { try EventCodec.events(bytes) }
}

/// Somebody asked that a unit's data be deleted, and the warehouse has not done so yet.
package struct Erasure: Sendable, Hashable {
    package let id: Int64
    package let unit: String
    package let requested: Timestamp
}

/// One opening of the spool's database, used by one thread.
package final class SpoolSession {
    let database: Database
    private let insertBatch: Database.Statement
    private let insertFact: Database.Statement
    private let updateState: Database.Statement
    private var next: Int64 = 1

    /// The random name of this spool, by which warehouses know it.
    package private(set) var name = ""
    package private(set) var tally = SpoolTally()
    /// The bytes of all batches.
    package private(set) var storedBytes = 0
    /// When the oldest batch was taken in; nil if there is none.
    package private(set) var oldest: Timestamp?

    /// The last event that was given to be delivered, and how many of those up to it were erased since.
    private var underWay = (last: Int64(0), erased: 0)

    /// Units whose data the warehouse is still to delete.
    package private(set) var erasureCount = 0

    /// `Gevt`: tells `file` and us whose database this is.
    private static let applicationID: Int64 = 0x4765_7674

    /// Opens the file, makes it if it is not there, and proves that a write lasts.
    package init(path: String) throws(SpoolError) {
        do throws(DatabaseError) {
            let database = try Database.durable(path: path, isShared: false)
            // Debian's SQLite overwrites what is deleted, unless it is told not to: each event would be written twice more. See `rewrite`.
            try database.execute("PRAGMA secure_delete = OFF")
            try Self.migrate(database, path)
            self.database = database
            insertBatch = try database.prepare("INSERT INTO batch (first, last, received, events) VALUES (?, ?, ?, ?)")
            insertFact = try database.prepare(
                """
                INSERT INTO fact (name, events, strangers) VALUES (?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET events = excluded.events, strangers = excluded.strangers
                """)
            updateState = try database.prepare(
                "UPDATE state SET next = ?, received = ?, late = ?, skewed = ?, delivered = ?, duplicates = ?, erased = ?, other_facts = ?")
            try read()
            // After a failed sync the log may look whole and yet not be on the disk: what it holds is written once more, to another file.
            try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            try saveState()
        } catch {
            throw error.code == .busy ? .inUse(path: path) : .unavailable(reason: error.message)
        }
    }

    private static func migrate(_ database: Database, _ path: String) throws(DatabaseError) {
        let application = try database.prepare("PRAGMA application_id").integer() ?? 0
        let version = try database.prepare("PRAGMA user_version").integer() ?? 0
        guard application == applicationID || (application == 0 && version == 0) else {
            throw DatabaseError(.corrupt, "\(path) is a database, but not one of Gosset's events")
        }
        guard version <= 2 else {
            throw DatabaseError(.corrupt, "\(path) was written by a newer Gosset (version \(version)); use that one")
        }
        if version == 2 { return }
        try database.transaction { () throws(DatabaseError) in
            if version == 0 { try create(database) }
            try database.execute("ALTER TABLE fact ADD COLUMN strangers INTEGER NOT NULL DEFAULT 0; PRAGMA user_version = 2")
        }
    }

    /// As the first version was.
    private static func create(_ database: Database) throws(DatabaseError) {
        try database.execute(
            """
            PRAGMA application_id = 0x47657674;

            CREATE TABLE state (
                id INTEGER PRIMARY KEY CHECK (id = 0), name TEXT NOT NULL, next INTEGER NOT NULL, received INTEGER NOT NULL,
                late INTEGER NOT NULL, skewed INTEGER NOT NULL, delivered INTEGER NOT NULL, duplicates INTEGER NOT NULL,
                erased INTEGER NOT NULL, other_facts INTEGER NOT NULL
            ) STRICT;

            -- One row for what came in one request: its events are written, read and removed together.
            CREATE TABLE batch (
                first INTEGER PRIMARY KEY, last INTEGER NOT NULL, received INTEGER NOT NULL, events BLOB NOT NULL
            ) STRICT;

            CREATE TABLE fact (name TEXT PRIMARY KEY, events INTEGER NOT NULL) STRICT, WITHOUT ROWID;

            CREATE TABLE erasure (id INTEGER PRIMARY KEY AUTOINCREMENT, unit TEXT NOT NULL, requested INTEGER NOT NULL) STRICT;
            """)
        try database.prepare("INSERT INTO state VALUES (0, ?, 1, 0, 0, 0, 0, 0, 0, 0)").run(.text(SecretKey.random().hexadecimal))
    }

    private func read() throws(DatabaseError) {
        let state = try database.prepare(
            "SELECT name, next, received, late, skewed, delivered, duplicates, erased, other_facts FROM state")
        try state.rows { row throws(DatabaseError) in
            name = row.text(0)
            next = row.integer(1)
            tally.received = row.integer(2)
            tally.late = row.integer(3)
            tally.skewed = row.integer(4)
            tally.delivered = row.integer(5)
            tally.duplicates = row.integer(6)
            tally.erased = row.integer(7)
            tally.otherFacts = row.integer(8)
        }
        try database.prepare("SELECT name, events, strangers FROM fact").rows { row throws(DatabaseError) in
            tally.facts[row.text(0)] = row.integer(1)
            if row.integer(2) > 0 { tally.strangers[row.text(0)] = row.integer(2) }
        }
        storedBytes = Int(try database.prepare("SELECT coalesce(sum(length(events)), 0) FROM batch").integer() ?? 0)
        try readOldest()
        try countErasures()
    }

    private func countErasures() throws(DatabaseError) {
        erasureCount = Int(try database.prepare("SELECT count(*) FROM erasure").integer() ?? 0)
    }

    private func readOldest() throws(DatabaseError) {
        oldest = try database.prepare("SELECT received FROM batch ORDER BY first LIMIT 1").integer().map(Timestamp.init(milliseconds:))
    }

    private func saveState() throws(DatabaseError) {
        try updateState.run(
            .integer(next), .integer(tally.received), .integer(tally.late), .integer(tally.skewed), .integer(tally.delivered),
            .integer(tally.duplicates), .integer(tally.erased), .integer(tally.otherFacts))
    }

    // MARK: Intake

    /// Appends batches and syncs them, in one transaction.
    package func append(_ batches: [EncodedBatch], at now: Timestamp) throws(DatabaseError) {
        var counted = tally
        var number = next
        try database.transaction { () throws(DatabaseError) in
            var facts: Set<String> = []
            for batch in batches where batch.count > 0 {
                let last = number + Int64(batch.count) - 1
                try insertBatch.run(.integer(number), .integer(last), .integer(now.milliseconds), .bytes(batch.bytes))
                number = last + 1
                counted.count(batch)
                facts.formUnion(batch.facts.keys)
            }
            for fact in facts {
                if let count = counted.facts[fact] {
                    try insertFact.run(.text(fact), .integer(count), .integer(counted.strangers[fact] ?? 0))
                }
            }
            let before = (tally, next)
            (tally, next) = (counted, number)
            defer { (tally, next) = before }
            try saveState()
        }
        if oldest == nil, number > next { oldest = now }
        (tally, next) = (counted, number)
        storedBytes += batches.reduce(0) { $0 + $1.bytes.count }
    }

    // MARK: Delivery

    /// The most batches that are given at once, whatever their size.
    package static let mostBatches = 4096

    /// The oldest batches, up to so many bytes but one at least; they are under way from then on, until they are discarded or asked for again.
    package func oldestBatches(bytes limit: Int) throws(DatabaseError) -> [SpooledBatch] {
        var batches: [SpooledBatch] = []
        var bytes = 0
        let oldest = try database.prepare("SELECT first, last, events FROM batch ORDER BY first LIMIT ?")
        try oldest.rows([.integer(Int64(Self.mostBatches))]) { row throws(DatabaseError) in
            guard bytes < limit else { return }
            batches.append(SpooledBatch(numbers: row.integer(0)...row.integer(1), bytes: row.bytes(2)))
            bytes += batches[batches.count - 1].bytes.count
        }
        underWay = (batches.last?.numbers.upperBound ?? 0, 0)
        return batches
    }

    /// Takes out what the warehouse has, up to an event's number, and counts it.
    package func discard(through last: Int64, delivered: Int, duplicates: Int) throws(DatabaseError) {
        let removal = try database.prepare("DELETE FROM batch WHERE last <= ?")
        let size = try database.prepare("SELECT coalesce(sum(length(events)), 0) FROM batch WHERE last <= ?")
        var removed: Int64 = 0
        let before = tally
        do throws(DatabaseError) {
            try database.transaction { () throws(DatabaseError) in
                removed = try size.integer(.integer(last)) ?? 0
                try removal.run(.integer(last))
                tally.delivered += Int64(delivered)
                tally.duplicates += Int64(duplicates)
                // They were delivered before they were erased, and are counted once.
                tally.erased -= Int64(underWay.erased)
                try saveState()
            }
        } catch {
            tally = before
            throw error
        }
        underWay = (0, 0)
        storedBytes -= Int(removed)
        try readOldest()
    }

    // MARK: Erasure

    /// Up to so many units are looked for as they are written; of more than that, all events are read.
    private static let mostSought = 4

    /// Takes units' events out of the spool, and notes that the warehouse is to do the same; gives their number.
    package func erase(units: [String], at now: Timestamp) throws(SpoolError) -> Int {
        let gone = Set(units)
        return try erase(seeking: gone.count <= Self.mostSought ? gone : []) {
            gone.contains($0.unit)
        } noting: { _ in
            units.map { ($0, now) }
        }
    }

    /// Takes out the events that were taken in before their unit was forgotten, by whomever, and notes that the warehouse is to delete what it
    /// may have of those units from before; gives their number.
    package func erase(forgotten time: (_ unit: String) -> Timestamp?) throws(SpoolError) -> Int {
        try erase(seeking: []) { event in
            time(event.unit).map { event.received <= $0 } ?? false
        } noting: { units in
            units.sorted().compactMap { unit in time(unit).map { (unit, $0) } }
        }
    }

    /// - Parameters:
    ///   - names: whose events they are, if they are a few; else all batches are read.
    ///   - erasures: what the warehouse is to delete, by the units whose events were here.
    private func erase(
        seeking names: Set<String>, _ isGone: (Event) -> Bool, noting erasures: (Set<String>) -> [(unit: String, time: Timestamp)]
    ) throws(SpoolError) -> Int {
        var changes: [(first: Int64, events: [UInt8])] = []
        var (erased, erasedUnderWay, found) = (0, 0, Set<String>())
        do throws(DatabaseError) {
            var sought: [Value] = []
            let batches: Database.Statement
            if !names.isEmpty {
                // Most batches name none of a few and need not be read. As the codec writes them, for a name may hold what is escaped.
                batches = try database.prepare(
                    """
                    SELECT first, events FROM batch
                    WHERE instr(events, ?) > 0 OR instr(events, ?) > 0 OR instr(events, ?) > 0 OR instr(events, ?) > 0 ORDER BY first
                    """)
                sought = names.map { unit in
                    var bytes: [UInt8] = []
                    EventCodec.append(unit, to: &bytes)
                    return .bytes(bytes)
                }
                sought += Array(repeating: .null, count: Self.mostSought - names.count)
            } else {
                batches = try database.prepare("SELECT first, events FROM batch ORDER BY first")
            }
            try batches.rows(sought) { row throws(DatabaseError) in
                let first = row.integer(0)
                let events: [Event]
                do throws(SpoolError) {
                    events = try EventCodec.events(row.bytes(1))
                } catch {
                    throw DatabaseError(.corrupt, error.description)
                }
                var kept: [Event] = []
                for event in events { if isGone(event) { found.insert(event.unit) } else { kept.append(event) } }
                guard kept.count < events.count else { return }
                erased += events.count - kept.count
                if first <= underWay.last { erasedUnderWay += events.count - kept.count }
                var encoded: [UInt8] = []
                for event in kept { EventCodec.append(event, to: &encoded) }
                changes.append((first, encoded))
            }
            let erasures = erasures(found)
            guard !changes.isEmpty || !erasures.isEmpty else { return 0 }
            let update = try database.prepare("UPDATE batch SET events = ? WHERE first = ?")
            let removal = try database.prepare("DELETE FROM batch WHERE first = ?")
            let note = try database.prepare("INSERT INTO erasure (unit, requested) VALUES (?, ?)")
            try database.execute("PRAGMA secure_delete = ON")
            let before = tally
            do throws(DatabaseError) {
                try database.transaction { () throws(DatabaseError) in
                    for change in changes {
                        if change.events.isEmpty {
                            // Nothing of it waits any more, nor is it the oldest that does.
                            try removal.run(.integer(change.first))
                        } else {
                            try update.run(.bytes(change.events), .integer(change.first))
                        }
                    }
                    for erasure in erasures { try note.run(.text(erasure.unit), .integer(erasure.time.milliseconds)) }
                    tally.erased += Int64(erased)
                    try saveState()
                }
            } catch {
                tally = before
                throw error
            }
            underWay.erased += erasedUnderWay
            try database.execute("PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE)")
            storedBytes = Int(try database.prepare("SELECT coalesce(sum(length(events)), 0) FROM batch").integer() ?? 0)
            try readOldest()
            try countErasures()
        } catch {
            throw .unavailable(reason: error.message)
        }
        return erased
    }

    /// Writes the file anew, with what is in use and nothing else: pages that are free hold what was erased, or delivered long ago.
    func rewrite() throws(DatabaseError) { try database.execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)") }

    /// What the warehouse is still to delete, the oldest first.
    package func erasures() throws(DatabaseError) -> [Erasure] {
        var erasures: [Erasure] = []
        try database.prepare("SELECT id, unit, requested FROM erasure ORDER BY id").rows { row throws(DatabaseError) in
            erasures.append(
                Erasure(id: row.integer(0), unit: row.text(1), requested: Timestamp(milliseconds: row.integer(2))))
        }
        return erasures
    }

    /// The warehouse has deleted units' data: nothing needs to name them any more, and nothing does.
    package func erased(_ erasures: [Erasure]) throws(DatabaseError) {
        // First, so that it is tried again if it fails: what was delivered before anybody asked lies in free pages.
        try rewrite()
        try database.execute("PRAGMA secure_delete = ON")
        let removal = try database.prepare("DELETE FROM erasure WHERE id = ?")
        try database.transaction { () throws(DatabaseError) in
            for erasure in erasures { try removal.run(.integer(erasure.id)) }
        }
        try database.execute("PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE)")
        try countErasures()
    }
}

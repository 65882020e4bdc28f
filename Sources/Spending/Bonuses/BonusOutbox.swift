import Experiments
package import SQLite
import Synchronization

/// Bonuses that were accepted while their store was away, in a SQLite file: synced before anyone is told, gone when they are delivered.
///
/// There is one entry for a customer and a year, the latest: an older sum must not be delivered after a newer one.
package final class BonusOutbox: Sendable {
    /// An entry; its serial number tells it from a later one for the same customer and year.
    package struct Entry: Hashable, Sendable {
        package let serial: Int64
        package let bonus: Bonus
    }

    private let database: Mutex<Database>

    /// Opens the file, and makes it if it is not there.
    package init(path: String) throws(DatabaseError) {
        let opened = try Database.durable(path: path)
        try opened.execute(
            """
            CREATE TABLE IF NOT EXISTS waiting (
                serial INTEGER PRIMARY KEY AUTOINCREMENT,
                user_id INTEGER NOT NULL,
                year INTEGER NOT NULL,
                cents INTEGER NOT NULL,
                granted INTEGER NOT NULL,
                UNIQUE (year, user_id)
            ) STRICT
            """)
        database = Mutex(opened)
    }

    /// Takes bonuses in, each in place of one that waits for the same customer and year.
    package func put(_ bonuses: [Bonus]) throws(DatabaseError) {
        try database.withLock { database throws(DatabaseError) in
            let insert = try database.prepare("INSERT OR REPLACE INTO waiting (user_id, year, cents, granted) VALUES (?, ?, ?, ?)")
            try database.transaction { () throws(DatabaseError) in
                for bonus in bonuses {
                    try insert.run(
                        .integer(bonus.key.userID), .integer(Int64(bonus.key.year)), .integer(bonus.total.count),
                        .integer(bonus.granted.milliseconds))
                }
            }
        }
    }

    /// Forgets entries that were delivered; those that came for the same customers since then stay.
    package func remove(_ entries: [Entry]) throws(DatabaseError) {
        try database.withLock { database throws(DatabaseError) in
            let delete = try database.prepare("DELETE FROM waiting WHERE serial = ?")
            try database.transaction { () throws(DatabaseError) in
                for entry in entries { try delete.run(.integer(entry.serial)) }
            }
        }
    }

    /// Forgets what waits for these customers and years: the store has something newer.
    package func remove(_ keys: [Bonus.Key]) throws(DatabaseError) {
        try database.withLock { database throws(DatabaseError) in
            guard try database.prepare("SELECT 1 FROM waiting LIMIT 1").integer() != nil else { return }
            let delete = try database.prepare("DELETE FROM waiting WHERE user_id = ? AND year = ?")
            try database.transaction { () throws(DatabaseError) in
                for key in keys { try delete.run(.integer(key.userID), .integer(Int64(key.year))) }
            }
        }
    }

    /// How many wait.
    package func count() throws(DatabaseError) -> Int {
        try database.withLock { database throws(DatabaseError) in
            Int(try database.prepare("SELECT count(*) FROM waiting").integer() ?? 0)
        }
    }

    /// The entries after a serial number, the oldest first.
    package func entries(after serial: Int64 = 0, limit: Int) throws(DatabaseError) -> [Entry] {
        try entries("SELECT serial, user_id, year, cents, granted FROM waiting WHERE serial > ? ORDER BY serial LIMIT ?", serial, limit)
    }

    /// What waits of a year, by customer.
    package func entries(in year: Int, limit: Int) throws(DatabaseError) -> [Entry] {
        try entries(
            "SELECT serial, user_id, year, cents, granted FROM waiting WHERE year = ? ORDER BY user_id LIMIT ?", Int64(year), limit)
    }

    private func entries(_ sql: StaticString, _ value: Int64, _ limit: Int) throws(DatabaseError) -> [Entry] {
        try database.withLock { database throws(DatabaseError) in
            var entries: [Entry] = []
            try database.prepare(sql).rows([.integer(value), .integer(Int64(limit))]) { row throws(DatabaseError) in
                let bonus = Bonus(
                    userID: row.integer(1), year: Int(row.integer(2)), total: Cents(row.integer(3)),
                    granted: Timestamp(milliseconds: row.integer(4)))
                entries.append(Entry(serial: row.integer(0), bonus: bonus))
            }
            return entries
        }
    }
}

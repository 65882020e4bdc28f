import Experiments
package import SQLite
import Synchronization

/// Bonuses in a SQLite file of our own; every commit is synced.
package final class EmbeddedBonusStore: BonusStore {
    private let database: Mutex<Database>

    /// Opens the file, and makes it if it is not there.
    package init(path: String) throws(DatabaseError) {
        let opened = try Database.durable(path: path)
        try opened.execute(
            """
            CREATE TABLE IF NOT EXISTS bonus (
                year INTEGER NOT NULL,
                user_id INTEGER NOT NULL,
                cents INTEGER NOT NULL,
                granted INTEGER NOT NULL,
                PRIMARY KEY (year, user_id)
            ) STRICT, WITHOUT ROWID
            """)
        database = Mutex(opened)
    }

    package var name: String { "embedded" }

    package func record(_ bonuses: [Bonus]) throws(BonusStoreError) -> BonusTally {
        do throws(DatabaseError) {
            return try database.withLock { database throws(DatabaseError) in try Self.record(bonuses, in: database) }
        } catch {
            throw BonusStoreError(.refused, error.message)
        }
    }

    private static func record(_ bonuses: [Bonus], in database: Database) throws(DatabaseError) -> BonusTally {
        let select = try database.prepare("SELECT cents FROM bonus WHERE year = ? AND user_id = ?")
        let write = try database.prepare(
            """
            INSERT INTO bonus (year, user_id, cents, granted) VALUES (?, ?, ?, ?)
            ON CONFLICT (year, user_id) DO UPDATE SET cents = excluded.cents
            """)
        return try database.transaction { () throws(DatabaseError) in
            var tally = BonusTally()
            for bonus in bonuses {
                let year = Value.integer(Int64(bonus.key.year))
                let user = Value.integer(bonus.key.userID)
                let known = try select.integer(year, user)
                guard known != bonus.total.count else {
                    tally.unchanged += 1
                    continue
                }
                try write.run(year, user, .integer(bonus.total.count), .integer(bonus.granted.milliseconds))
                if known == nil { tally.created += 1 } else { tally.updated += 1 }
            }
            return tally
        }
    }

    package func bonuses(in year: Int, after: Int64?, limit: Int) throws(BonusStoreError) -> [Bonus] {
        do throws(DatabaseError) {
            return try database.withLock { database throws(DatabaseError) in
                var bonuses: [Bonus] = []
                let statement = try database.prepare(
                    """
                    SELECT user_id, cents, granted FROM bonus
                    WHERE year = ?1 AND (?2 IS NULL OR user_id > ?2) ORDER BY user_id LIMIT ?3
                    """)
                let values: [Value] = [.integer(Int64(year)), after.map { .integer($0) } ?? .null, .integer(Int64(limit))]
                try statement.rows(values) { row throws(DatabaseError) in
                    bonuses.append(
                        Bonus(
                            userID: row.integer(0), year: year, total: Cents(row.integer(1)),
                            granted: Timestamp(milliseconds: row.integer(2))))
                }
                return bonuses
            }
        } catch {
            throw BonusStoreError(.refused, error.message)
        }
    }
}

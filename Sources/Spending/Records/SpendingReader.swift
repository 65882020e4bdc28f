import SQLite

/// Reads the shop's database: `user_info(user_id, name, email, age)` and `user_spending(user_id, money_spent, year)`.
///
/// Names and addresses are never read. One thread at a time uses it.
struct SpendingReader {
    private let database: Database
    private let version: Database.Statement

    /// Opens the file for reading only, and makes sure that the tables are there.
    init(path: String) throws(SpendingError) {
        do throws(DatabaseError) {
            database = try Database(path: path, .readOnly)
            version = try database.prepare("PRAGMA data_version")
            // Nothing is read until now.
            _ = try database.prepare("SELECT count(*) FROM sqlite_schema").integer()
        } catch {
            throw .unreadable(error)
        }
        try require("user_info", ["user_id", "name", "email", "age"], "SELECT name FROM pragma_table_info('user_info')")
        try require("user_spending", ["user_id", "money_spent", "year"], "SELECT name FROM pragma_table_info('user_spending')")
    }

    private func require(_ table: String, _ columns: [String], _ sql: StaticString) throws(SpendingError) {
        var present: Set<String> = []
        do throws(DatabaseError) {
            try database.prepare(sql).rows { row throws(DatabaseError) in present.insert(row.text(0).lowercased()) }
        } catch {
            throw .unreadable(error)
        }
        guard !present.isEmpty else { throw .missing(path: database.path, table: table, columns: []) }
        let missing = columns.filter { !present.contains($0) }
        guard missing.isEmpty else { throw .missing(path: database.path, table: table, columns: missing) }
    }

    /// A number that differs after others wrote to the file; see `PRAGMA data_version`.
    func dataVersion() throws(SpendingError) -> Int64 {
        do { return try version.integer() ?? 0 } catch { throw .unreadable(error) }
    }

    /// Reads everything in one transaction, so that it is of one moment, and adds it up.
    func read() throws(SpendingError) -> (snapshot: SpendingSnapshot, dataVersion: Int64) {
        do throws(DatabaseError) {
            try database.execute("BEGIN")
            defer { try? database.execute("ROLLBACK") }
            var flaws = RecordFlaws()
            let (ids, groups, index) = try customers(&flaws)
            var sums = PaymentSums(customers: ids.count)
            guard try add(to: &sums, index, &flaws),
                let snapshot = SpendingSnapshot(sums, index: index, ids: ids, groups: groups, flaws: flaws)
            else { throw DatabaseError(.constraint, "") }
            return (snapshot, try version.integer() ?? 0)
        } catch {
            throw error.code == .constraint ? .tooLarge(path: database.path) : .unreadable(error)
        }
    }

    private func customers(_ flaws: inout RecordFlaws) throws(DatabaseError) -> ([Int64], [UInt8], CustomerIndex) {
        var ids: [Int64] = []
        var groups: [UInt8] = []
        var last: Int64?
        // By id, for which a primary key is an index: then only those that are equal to the one before came before.
        let statement = try database.prepare("SELECT user_id, age FROM user_info ORDER BY user_id")
        var withoutOwnID = 0
        try statement.rows { row throws(DatabaseError) in
            guard row.kind(0) == .integer, row.integer(0) != last else {
                withoutOwnID += 1
                return
            }
            last = row.integer(0)
            ids.append(row.integer(0))
            let age: Int? =
                switch row.kind(1) {
                case .integer: Int(row.integer(1))
                case .real: Int(exactly: row.real(1).rounded(.down))
                default: nil
                }
            groups.append(UInt8(AgeGroup(age: age).index))
        }
        flaws.customersWithoutOwnID = withoutOwnID
        return (ids, groups, CustomerIndex(ids))
    }

    private func add(
        to sums: inout PaymentSums, _ index: CustomerIndex, _ flaws: inout RecordFlaws
    ) throws(DatabaseError) -> Bool {
        var isExact = true
        try database.prepare("SELECT user_id, money_spent, year FROM user_spending").rows { row throws(DatabaseError) in
            guard isExact, let cents = Self.cents(row, &flaws) else { return }
            guard row.kind(0) == .integer, let customer = index[row.integer(0)] else {
                flaws.ofUnknownCustomers += 1
                return
            }
            let year = row.kind(2) == .integer ? Int32(exactly: row.integer(2)).flatMap(PaymentSums.year) : nil
            if year == nil { flaws.withoutYear += 1 }
            if cents < .zero { flaws.negative += 1 }
            isExact = sums.add(cents, row: customer, year: year)
        }
        return isExact && sums.flush()
    }

    /// The amount of a payment, or nil for none.
    private static func cents(_ row: borrowing Row, _ flaws: inout RecordFlaws) -> Cents? {
        switch row.kind(1) {
        case .integer:
            let (count, isTooLarge) = row.integer(1).multipliedReportingOverflow(by: 100)
            if !isTooLarge, abs(count) <= Cents.limit { return Cents(count) }
        case .real:
            let amount = row.real(1)
            if let cents = Cents(rounding: amount) {
                if !cents.isExactly(amount) { flaws.rounded += 1 }
                return cents
            }
        case .null:
            flaws.withoutAmount += 1
            return nil
        case .text, .bytes: break
        }
        flaws.notNumbers += 1
        return nil
    }
}

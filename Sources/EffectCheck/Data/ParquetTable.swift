internal import Warehouse

/// A Parquet file, read through DuckDB batch by batch, so that no file is too large.
struct ParquetTable {
    private let file: RandomAccessFile
    private let columns: [String]
    private let database: EmbeddedDuckDB

    /// Nil if the file is not Parquet, which is told by its first four bytes.
    /// - Throws: when DuckDB is not there, the file is damaged, or it has not all of the columns.
    init?(_ file: RandomAccessFile, columns: [String], _ environment: [String: String]?) throws(ShopDataError) {
        var head = [UInt8](repeating: 0, count: 4)
        var count: Result<Int, ShopDataError> = .success(0)
        head.withUnsafeMutableBytes { room in
            count = Result { () throws(ShopDataError) in try file.read(into: room, at: 0) }
        }
        guard try count.get() == 4, head == Array("PAR1".utf8) else { return nil }
        self.file = file
        self.columns = columns
        do throws(WarehouseError) {
            database = try EmbeddedDuckDB(environment: environment)
            var names: [String] = []
            try database.read("SELECT * FROM read_parquet(\(value: file.path)) LIMIT 0") { names = $0.names }
            for name in columns where !names.contains(name) {
                let found = names.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
                throw .answer("there is no column '\(name)'; there are \(found)")
            }
        } catch {
            throw ParquetTable.problem(error, file)
        }
    }

    /// The users of a file of users.
    func users(_ progress: LoadProgress) throws(ShopDataError) -> Users {
        var users = Users()
        users.bad.place = "row"
        let rows = try forEach(scale: 1, progress) { row, values in
            switch values {
            case .success(let values): users.add(line: row, id: values.0, gender: values.1, age: values.2)
            case .failure(let flaw): users.bad.add(.malformed, line: row, flaw.reason)
            }
        }
        try refuse(users.bad, rows: rows)
        try users.sort(path: file.path)
        return users
    }

    /// Adds the sales of a file of sales.
    /// - Returns: how many rows there are, and those that were not used.
    func addSales(
        to customers: Customers, windowOfDay: [UInt8], _ progress: LoadProgress
    ) throws(ShopDataError) -> (rows: Int, BadRows) {
        var adder = SaleAdder(customers: customers, table: customers.sums, windowOfDay: windowOfDay)
        defer { adder.finish() }
        adder.bad.place = "row"
        let rows = try forEach(scale: 100, progress) { row, values in
            switch values {
            case .success(let values): adder.add(line: row, user: values.0, day: values.1, sale: values.2)
            case .failure(let flaw): adder.bad.add(.malformed, line: row, flaw.reason)
            }
        }
        adder.flush()
        try refuse(adder.bad, rows: rows)
        return (rows, adder.bad)
    }

    /// Calls back for each row, which are numbered from 1.
    private func forEach(
        scale: Int, _ progress: LoadProgress, _ row: (Int, Result<(Int, Int, Int), NumberRows.Flaw>) -> Void
    ) throws(ShopDataError) -> Int {
        var count = 0
        do throws(WarehouseError) {
            var total = 0
            try database.read("SELECT count(*) AS n FROM read_parquet(\(value: file.path))") { batch throws(WarehouseError) in
                total += try batch.counts("n").first ?? 0
            }
            let chosen = columns.map { "\(column: $0)" as SQL }.joined(", ")
            try database.read("SELECT \(chosen) FROM read_parquet(\(value: file.path))") { batch throws(WarehouseError) in
                if progress.isCancelled { throw .cancelled }
                let (first, second) = (try whole(batch, 0, scale: 1), try whole(batch, 1, scale: 1))
                let third = try whole(batch, 2, scale: scale)
                for each in first.indices {
                    count += 1
                    if let one = first[each], let two = second[each], let three = third[each] {
                        row(count, .success((one, two, three)))
                    } else {
                        row(count, .failure(flaw(batch, [first[each], second[each], third[each]], each)))
                    }
                }
                if scale > 1, total > 0 { progress.reach(Double(count) / Double(total) * ShopReader.readingShare) }
            }
        } catch {
            throw ParquetTable.problem(error, file)
        }
        return count
    }

    /// A column's values in whole numbers, `scale` to one; nil where there is none, or not that.
    private func whole(_ batch: ResultTable, _ column: Int, scale: Int) throws(WarehouseError) -> [Int?] {
        let most = 1_000_000_000_000_000
        switch batch.columns[column] {
        case .integers(let values): return values.map { $0.flatMap { $0.magnitude < most ? Int($0) * scale : nil } }
        case .numbers(let values):
            return values.map { value in
                guard let value, value.magnitude < Double(most), scale > 1 || value == value.rounded() else { return nil }
                return Int((value * Double(scale)).rounded())
            }
        default: throw .answer("column '\(columns[column])' holds no numbers")
        }
    }

    private func flaw(_ batch: ResultTable, _ values: [Int?], _ row: Int) -> NumberRows.Flaw {
        let column = values.firstIndex { $0 == nil } ?? 0
        let found = batch.columns[column].texts[row].map { "'\($0)'" } ?? "nothing"
        return NumberRows.Flaw(reason: "a number was expected as \(columns[column]), not \(found)")
    }

    private func refuse(_ bad: BadRows, rows: Int) throws(ShopDataError) {
        guard bad.areTooMany(of: rows), let first = bad.examples.first else { return }
        let more = bad.malformed > 1 ? "; \(bad.malformed) rows of the file cannot be read" : ""
        throw .unreadable(path: file.path, reason: "row \(first.line): \(first.reason)\(more)")
    }

    private static func problem(_ error: WarehouseError, _ file: RandomAccessFile) -> ShopDataError {
        switch error {
        case .cancelled: .cancelled
        case .answer(let reason): .unreadable(path: file.path, reason: reason)
        // DuckDB shows our query behind what it says of the file, which helps nobody.
        case .refused(let reason):
            .unreadable(path: file.path, reason: reason.firstRange(of: " LINE 1:").map { String(reason[..<$0.lowerBound]) } ?? reason)
        default: .unreadable(path: file.path, reason: "Parquet cannot be read: \(error)")
        }
    }
}

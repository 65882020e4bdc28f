internal import Synchronization

/// Reads a shop's two files, CSV or Parquet: users first, then their sales, on all processors.
package struct ShopReader: Sendable {
    let users: String
    let sales: String
    let format: ShopFormat
    let progress: LoadProgress
    /// Where the driver that reads Parquet may be named; the program's own if it is not given.
    let environment: [String: String]?

    package init(
        users: String, sales: String, format: ShopFormat = ShopFormat(), progress: LoadProgress = LoadProgress(),
        environment: [String: String]? = nil
    ) {
        self.environment = environment
        self.users = users
        self.sales = sales
        self.format = format
        self.progress = progress
    }

    /// What was read.
    package struct Result: Sendable {
        package let customers: Customers
        package let salesRows: Int
        package let badUsers: BadRows
        package let badSales: BadRows
    }

    /// - Throws: when a file is missing, has not the columns, or more than one row in a thousand cannot be read.
    package func read() throws(ShopDataError) -> Result {
        do throws(ShopFormat.Flaw) { try format.validate() } catch { throw .format(error.description) }
        // Both are opened first: a file that is missing should be told at once.
        let usersFile = try RandomAccessFile(path: users)
        let salesFile = try RandomAccessFile(path: sales)
        let userColumns = [format.user, format.gender, format.age]
        let saleColumns = [format.user, format.day, format.sales]
        // So should a column that is missing.
        let salesTable = try ParquetTable(salesFile, columns: saleColumns, environment)
        let salesLayout = salesTable == nil ? try layout(of: salesFile, saleColumns) : nil
        let users =
            if let table = try ParquetTable(usersFile, columns: userColumns, environment) {
                try table.users(progress)
            } else {
                try readUsers(usersFile, try layout(of: usersFile, userColumns))
            }
        let customers = Customers(users, windows: format.windows + 1)
        var (rows, badSales) = (0, BadRows())
        if let salesTable {
            (rows, badSales) = try salesTable.addSales(to: customers, windowOfDay: format.windowOfDay, progress)
        } else if let salesLayout {
            (rows, badSales) = try readSales(salesFile, salesLayout, into: customers)
        }
        return Result(customers: customers, salesRows: rows, badUsers: users.bad, badSales: badSales)
    }

    private func layout(of file: RandomAccessFile, _ wanted: [String]) throws(ShopDataError) -> CSVLayout {
        var head = [UInt8](repeating: 0, count: 1 << 16)
        var count: Swift.Result<Int, ShopDataError> = .success(0)
        head.withUnsafeMutableBytes { room in
            count = Swift.Result { () throws(ShopDataError) in try file.read(into: room, at: 0) }
        }
        return try CSVLayout(path: file.path, head: Array(head.prefix(try count.get())), wanted: wanted)
    }

    // MARK: Users

    private func readUsers(_ file: RandomAccessFile, _ layout: CSVLayout) throws(ShopDataError) -> Users {
        let rows = NumberRows(layout: layout, scale: 1)
        let pieces = Pieces(file: file, start: rows.layout.start)
        var users = Users()
        var lines = 2
        // The users' file is small: one thread.
        try pieces.forEach(onlyOne: true, cancelled: { progress.isCancelled }) { _, _, bytes, end in
            lines += rows.read(bytes, until: end) { line, id, gender, age in
                users.add(line: lines + line, id: id, gender: gender, age: age)
            } flaw: { line, flaw in
                users.bad.add(.malformed, line: lines + line, flaw.reason)
            }
        }
        try refuse(users.bad, of: file.path, rows: lines - 2)
        try users.sort(path: file.path)
        return users
    }

    // MARK: Sales

    private func readSales(
        _ file: RandomAccessFile, _ layout: CSVLayout, into customers: Customers
    ) throws(ShopDataError) -> (rows: Int, BadRows) {
        let rows = NumberRows(layout: layout, scale: 100)
        let pieces = Pieces(file: file, start: layout.start)
        var lines = [Int](repeating: 0, count: pieces.count)
        var bad = [BadRows](repeating: BadRows(), count: pieces.count)
        let windowOfDay = format.windowOfDay
        // Each worker has a table of its own, so that none waits for another; the first takes the customers' own.
        let tables = (0..<Workers.count).map { worker in
            worker == 0 ? customers.sums : Customers.table(customers: customers.count, windows: customers.windows)
        }
        defer { for table in tables.dropFirst() { table.deallocate() } }
        let done = Atomic(0)
        let merging = Mutex(())
        let progress = progress
        try lines.withUnsafeMutableBufferPointer { lines throws(ShopDataError) in
            let lines = Shared(lines)
            try bad.withUnsafeMutableBufferPointer { bad throws(ShopDataError) in
                let bad = Shared(bad)
                try pieces.forEach(cancelled: { progress.isCancelled }) { piece, worker, bytes, end in
                    var adder = SaleAdder(customers: customers, table: tables[worker], windowOfDay: windowOfDay)
                    let count = rows.read(bytes, until: end) { line, user, day, sale in
                        adder.add(line: line, user: user, day: day, sale: sale)
                    } flaw: { line, flaw in
                        adder.bad.add(.malformed, line: line, flaw.reason)
                    }
                    adder.flush()
                    adder.finish()
                    merging.withLock { _ in
                        lines.buffer[piece] = count
                        bad.buffer[piece] = adder.bad
                    }
                    let share = Double(done.add(1, ordering: .relaxed).newValue) / Double(pieces.count)
                    progress.reach(share * ShopReader.readingShare)
                }
            }
        }
        for table in tables.dropFirst() { customers.add(table) }
        var (all, count) = (BadRows(), 0)
        for piece in lines.indices {
            all.append(bad[piece], linesBefore: count + 2)
            count += lines[piece]
        }
        try refuse(all, of: file.path, rows: count)
        return (count, all)
    }

    private func refuse(_ bad: BadRows, of path: String, rows: Int) throws(ShopDataError) {
        guard bad.areTooMany(of: rows), let first = bad.examples.first else { return }
        throw .malformed(path: path, line: first.line, reason: first.reason, count: bad.malformed)
    }

    /// What of the progress is reading; the rest is fitting the forecast.
    static let readingShare = 0.7
}

/// A buffer that workers write to at places of their own.
struct Shared<Element>: @unchecked Sendable {
    let buffer: UnsafeMutableBufferPointer<Element>

    init(_ buffer: UnsafeMutableBufferPointer<Element>) { self.buffer = buffer }
}

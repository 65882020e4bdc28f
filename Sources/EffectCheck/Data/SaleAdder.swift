/// Adds sales to a table of sums.
///
/// It gathers a few hundred first: looked up one after the other without waiting, their accesses to memory overlap.
struct SaleAdder {
    private let customers: Customers
    private let table: UnsafeMutablePointer<UInt64>
    private let windowOfDay: [UInt8]
    var bad = BadRows()
    private let users: UnsafeMutablePointer<Int>
    private let words: UnsafeMutablePointer<UInt64>
    private let lines: UnsafeMutablePointer<Int32>
    private let windows: UnsafeMutablePointer<UInt8>
    private var count = 0

    private static let capacity = 512

    init(customers: Customers, table: UnsafeMutablePointer<UInt64>, windowOfDay: [UInt8]) {
        self.customers = customers
        self.table = table
        self.windowOfDay = windowOfDay
        users = .allocate(capacity: Self.capacity)
        words = .allocate(capacity: Self.capacity)
        lines = .allocate(capacity: Self.capacity)
        windows = .allocate(capacity: Self.capacity)
    }

    /// Gives its memory back.
    func finish() {
        users.deallocate()
        words.deallocate()
        lines.deallocate()
        windows.deallocate()
    }

    @inline(__always)
    mutating func add(line: Int, user: Int, day: Int, sale: Int) {
        guard day >= 0, day < windowOfDay.count else {
            bad.add(.outOfRange, line: line, "day \(day) is not from 0 to \(windowOfDay.count - 1)")
            return
        }
        guard sale >= 0, sale <= Customers.largestSale else {
            bad.add(.outOfRange, line: line, "a sale of \(Double(sale) / 100) is not from 0 to \(Customers.largestSale / 100)")
            return
        }
        users[count] = user
        words[count] = (1 << Customers.sumBits) | UInt64(sale)
        lines[count] = Int32(truncatingIfNeeded: line)
        windows[count] = windowOfDay[day]
        count += 1
        if count == Self.capacity { flush() }
    }

    @inline(never)
    mutating func flush() {
        for each in 0..<count { users[each] = customers.index.place(of: users[each]) }
        let stride = customers.stride
        for each in 0..<count {
            guard users[each] >= 0 else {
                bad.add(.unknownUser, line: Int(lines[each]), "the user is not in the users' file")
                continue
            }
            guard windows[each] != 255 else { continue }
            table[users[each] &* stride &+ Int(windows[each])] &+= words[each]
        }
        count = 0
    }
}

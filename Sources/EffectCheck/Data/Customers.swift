/// A shop's customers, and what each spent in each window of days.
///
/// Sums are kept in hundredths, with the number of purchases in the same word: 20 bits above 44. So a purchase is added by one addition.
///
/// `@unchecked Sendable`: the loader's threads fill it, each its own table of sums; from when it is handed out it is only read.
package final class Customers: @unchecked Sendable {
    package let index: CustomerIndex
    /// The user's gender and age, in the order of the index.
    let genders: [UInt8]
    let ages: [UInt8]
    /// Windows, the pilot's included: the last.
    package let windows: Int
    let stride: Int
    let sums: UnsafeMutablePointer<UInt64>

    package var count: Int { index.count }

    init(_ users: Users, windows: Int) {
        index = CustomerIndex(ascending: users.rows.map(\.id))
        genders = users.rows.map(\.gender)
        ages = users.rows.map(\.age)
        self.windows = windows
        stride = Customers.stride(windows)
        sums = Customers.table(customers: index.count, windows: windows)
    }

    deinit { sums.deallocate() }

    /// Words of a customer's row: whole cache lines where that costs little.
    static func stride(_ windows: Int) -> Int { windows > 4 && windows <= 8 ? 8 : windows }

    /// A table of zeros.
    static func table(customers: Int, windows: Int) -> UnsafeMutablePointer<UInt64> {
        LargeMemory.zeros(customers * stride(windows), of: UInt64.self, 0)
    }

    /// Adds the sums of another table of the same shape.
    func add(_ other: UnsafeMutablePointer<UInt64>) {
        for word in 0..<(count * stride) { sums[word] &+= other[word] }
    }

    /// What a customer spent in a window.
    @inline(__always)
    package func spent(_ customer: Int, _ window: Int) -> Double {
        Double(sums[customer &* stride &+ window] & Customers.sumMask) * 0.01
    }

    /// How many purchases a customer made in a window.
    @inline(__always)
    package func purchases(_ customer: Int, _ window: Int) -> Double {
        Double(sums[customer &* stride &+ window] >> Customers.sumBits)
    }

    static let sumBits: UInt64 = 44
    static let sumMask: UInt64 = (1 << 44) - 1
    /// The largest sale, in hundredths, that is taken for one.
    static let largestSale = 100_000_000_000
}

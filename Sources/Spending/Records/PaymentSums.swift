/// What a customer spent, in all or in one year.
struct PaymentSum: Sendable {
    var cents: Int64 = 0
    var payments: Int32 = 0
}

/// Payments added up in whole cents, by customer and by year.
///
/// A customer's sums are together in one block of 64 bytes, three years at a time, so that a payment touches one place in memory; those with
/// more years have further blocks in a chain.
struct PaymentSums: Sendable {
    /// A customer's sum in one year; there is none while there are no payments.
    private struct YearSum {
        var cents: Int64 = 0
        var payments: Int32 = 0
        var year: Int32 = 0
    }

    private struct Block {
        /// Payments without a year; `year` is where the next block is, or 0.
        var others = YearSum()
        var (a, b, c) = (YearSum(), YearSum(), YearSum())

        /// The sum of a year, if it is in this block, or there is room for it.
        @inline(__always)
        mutating func withYear(_ year: Int32, _ change: (inout YearSum) -> Bool) -> Bool? {
            if a.payments == 0 || a.year == year { return change(&a) }
            if b.payments == 0 || b.year == year { return change(&b) }
            if c.payments == 0 || c.year == year { return change(&c) }
            return nil
        }
    }

    /// A payment that waits to be added.
    private struct Payment {
        let row: Int32
        let year: Int32
        let cents: Int64
    }

    /// The customers' own blocks, then further ones; no block's next is the first.
    private var blocks: [Block]
    private(set) var years: Set<Int> = []
    /// They are added many at once: one after the other without waiting, their accesses to memory overlap.
    private var waiting: [Payment] = []

    /// Stands for a payment without a year.
    private static let noYear = Int32.min
    /// The year, unless it is the one number that means none.
    static func year(_ number: Int32) -> Int32? { number == noYear ? nil : number }

    private static let mostWaiting = 512

    init(customers: Int) {
        blocks = Array(repeating: Block(), count: customers)
        waiting.reserveCapacity(PaymentSums.mostWaiting)
    }

    /// Takes a payment; false if a sum has left the numbers that are exact.
    @inline(__always)
    mutating func add(_ cents: Cents, row: Int, year: Int32?) -> Bool {
        waiting.append(Payment(row: Int32(truncatingIfNeeded: row), year: year ?? PaymentSums.noYear, cents: cents.count))
        return waiting.count < PaymentSums.mostWaiting || flush()
    }

    /// Adds what waits: to be called at the end; false if a sum has left the numbers that are exact.
    mutating func flush() -> Bool {
        var isExact = true
        for payment in waiting where !add(payment) { isExact = false }
        waiting.removeAll(keepingCapacity: true)
        return isExact
    }

    private mutating func add(_ payment: Payment) -> Bool {
        var place = Int(payment.row)
        if payment.year == PaymentSums.noYear { return PaymentSums.add(payment, to: &blocks[place].others) }
        while true {
            let isExact = blocks[place].withYear(payment.year) { sum in
                if sum.payments == 0 {
                    sum.year = payment.year
                    years.insert(Int(payment.year))
                }
                return PaymentSums.add(payment, to: &sum)
            }
            if let isExact { return isExact }
            if blocks[place].others.year == 0 {
                blocks.append(Block())
                blocks[place].others.year = Int32(blocks.count - 1)
            }
            place = Int(blocks[place].others.year)
        }
    }

    private static func add(_ payment: Payment, to sum: inout YearSum) -> Bool {
        let (total, isTooLarge) = sum.cents.addingReportingOverflow(payment.cents)
        guard !isTooLarge, abs(total) <= Cents.limit, sum.payments < .max else { return false }
        sum.cents = total
        sum.payments += 1
        return true
    }

    /// What a customer spent, in all or in one year; nil if the sum leaves the numbers that are exact.
    func sum(row: Int, _ year: Int? = nil) -> PaymentSum? {
        var sum = PaymentSum()
        var place = row
        repeat {
            let block = blocks[place]
            // The next block's number stands in the place of the year of those that have none.
            if year == nil, !sum.add(block.others.cents, block.others.payments) { return nil }
            for each in [block.a, block.b, block.c] where each.payments > 0 && (year == nil || Int(each.year) == year) {
                if !sum.add(each.cents, each.payments) { return nil }
            }
            place = Int(block.others.year)
        } while place > 0
        return sum
    }
}

extension PaymentSum {
    /// False if the sum would leave the numbers that are exact.
    fileprivate mutating func add(_ cents: Int64, _ payments: Int32) -> Bool {
        let total = self.cents.addingReportingOverflow(cents)
        let count = self.payments.addingReportingOverflow(payments)
        guard !total.overflow, !count.overflow, abs(total.partialValue) <= Cents.limit else { return false }
        (self.cents, self.payments) = (total.partialValue, count.partialValue)
        return true
    }
}

import Tables
import Testing

// Real files, where they are at hand.
@Suite struct SharedDataTests {
    @Test(.enabled(if: sharedData("arppu/ab_stats.csv") != nil))
    func `A clean file reads whole`() throws {
        let table = try Table(path: #require(sharedData("arppu/ab_stats.csv")))
        #expect(table.rows == 23_652)
        #expect(table.problems.isEmpty)
        #expect(table.header == ["revenue", "num_purchases", "purchase", "ab_group", "av_site visit"])
        #expect(try Filter("purchase = 1 and ab_group = 'A'").rows(of: table).rows.count == 256)
        #expect(try Filter("\"av_site visit\" < 0 and ab_group = 'B'").rows(of: table).rows.count == 462)
    }

    @Test(.enabled(if: sharedData("arppu/ab_stats_dirty_tail.csv") != nil))
    func `Junk in other encodings is reported by line`() throws {
        let table = try Table(path: #require(sharedData("arppu/ab_stats_dirty_tail.csv")))
        #expect(table.rows == 23_652)
        #expect(table.problems.first.map(\.line) == [23_654, 23_655, 23_656, 23_657])
    }

    @Test(.enabled(if: sharedData("elearning/payments.csv") != nil))
    func `Semicolons and single columns are found out`() throws {
        let payments = try Table(path: #require(sharedData("elearning/payments.csv")))
        #expect(payments.header == ["student_id", "rev"])
        #expect(payments.delimiter == .semicolon)
        #expect(try payments.numbers("rev").values.first == 990)
        let logs = try Table(path: #require(sharedData("elearning/logs.csv")))
        #expect(logs.header == ["student_id"])
        #expect(try logs.numbers("student_id").strays.isEmpty)
    }
}

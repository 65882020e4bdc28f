import Experiments
import Spending
import StandIns
import Testing

// What holds of every store.
@Suite struct BonusStoreTests {
    enum Kind: CaseIterable { case embedded, mongodb }

    // Keeps what the store needs alive while a test runs.
    private func withStore(_ kind: Kind, _ body: (any BonusStore) throws -> Void) throws {
        switch kind {
        case .embedded:
            let directory = try ScratchDirectory()
            try body(try EmbeddedBonusStore(path: directory.file("bonuses.db")))
        case .mongodb:
            let server = try MongoStandIn()
            try body(try MongoBonusStore(uri: server.uri()))
            server.stop()
        }
    }

    private func bonus(_ id: Int64, _ year: Int = 2023, _ cents: Int64 = 200_000, at time: Int64 = 1_700_000_000_123) -> Bonus {
        Bonus(userID: id, year: year, total: Cents(cents), granted: Timestamp(milliseconds: time))
    }

    @Test(arguments: Kind.allCases) func `a bonus is there once for a customer and a year, with the latest sum`(_ kind: Kind) throws {
        try withStore(kind) { store throws in
            #expect(try store.record([bonus(1)]) == BonusTally(created: 1))
            #expect(try store.record([bonus(1, at: 1_800_000_000_000)]) == BonusTally(unchanged: 1))
            #expect(try store.record([bonus(1, 2023, 250_001, at: 1_800_000_000_000)]) == BonusTally(updated: 1))
            #expect(try store.record([bonus(1, 2022), bonus(2), bonus(1, 2023, 250_001)]) == BonusTally(created: 2, unchanged: 1))
            #expect(try store.bonuses(in: 2023, after: nil, limit: 10) == [bonus(1, 2023, 250_001), bonus(2)])
            #expect(try store.bonuses(in: 2022, after: nil, limit: 10) == [bonus(1, 2022)])
        }
    }

    @Test(arguments: Kind.allCases) func `bonuses are listed by customer, page by page`(_ kind: Kind) throws {
        try withStore(kind) { store throws in
            let all = [5, 1, 4_000_000_000_000, 3, 2].map { bonus($0) }
            #expect(try store.record(all).created == 5)
            let sorted = all.sorted { $0.key.userID < $1.key.userID }
            #expect(try store.bonuses(in: 2023, after: nil, limit: 2) == Array(sorted[..<2]))
            #expect(try store.bonuses(in: 2023, after: 2, limit: 2) == Array(sorted[2..<4]))
            #expect(try store.bonuses(in: 2023, after: 5, limit: 2) == [sorted[4]])
            #expect(try store.bonuses(in: 1999, after: nil, limit: 2) == [])
        }
    }

    @Test func `an embedded store has after a restart what it had before`() throws {
        let directory = try ScratchDirectory()
        _ = try EmbeddedBonusStore(path: directory.file("bonuses.db")).record([bonus(7)])
        #expect(try EmbeddedBonusStore(path: directory.file("bonuses.db")).bonuses(in: 2023, after: nil, limit: 9) == [bonus(7)])
    }
}

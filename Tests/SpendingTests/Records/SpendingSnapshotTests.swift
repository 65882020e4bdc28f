import Foundation
import SQLite
import Spending
import StandIns
import Testing

@Suite struct SpendingSnapshotTests {
    @Test func `totals are exact where sums of Doubles are not`() async throws {
        let shop = try Shop()
        try shop.database.add(customer: 1, age: 30)
        for _ in 0..<1000 { try shop.database.add(payment: .real(0.1), by: 1) }
        #expect((0..<1000).reduce(0.0) { sum, _ in sum + 0.1 } != 100)
        #expect(try await shop.records().read().total(of: 1) == Cents(10_000))
    }

    @Test func `a total can be of one year`() async throws {
        let shop = try Shop()
        for id: Int64 in [7, 4_000_000_000_000, -5] { try shop.database.add(customer: id, age: 30) }
        for (amount, year) in [(10.5, 2021), (20.25, 2022), (0.25, 2021)] as [(Double, Int64)] {
            try shop.database.add(payment: .real(amount), by: 7, year: year)
        }
        let snapshot = try await shop.records().read()
        #expect(snapshot.years == [2021, 2022] && snapshot.latestYear == 2022)
        #expect(snapshot.total(of: 7) == Cents(3100))
        #expect(snapshot.total(of: 7, in: 2021) == Cents(1075))
        #expect(snapshot.total(of: 7, in: 2020) == .zero)
        #expect(snapshot.total(of: -5) == .zero && snapshot.total(of: 4_000_000_000_000) == .zero, "known without spending")
        for id: Int64 in [8, 0, .min, .max] { #expect(snapshot.total(of: id) == nil, "unknown") }
    }

    @Test func `every age is in one group, and only those of 18 and above are in a band`() async throws {
        let shop = try Shop()
        let ages: [Int64?] = [17, 18, 24, 25, 30, 31, 36, 37, 47, 48, 150, 151, -1, nil, 0]
        for (index, age) in ages.enumerated() { try shop.database.add(customer: Int64(index), age: age) }
        let averages = try await shop.records().read().ageAverages()
        #expect(averages.bands.map(\.customers) == [2, 2, 2, 2, 2])
        #expect(averages.under18.customers == 2 && averages.withoutAge.customers == 3)
    }

    @Test func `the three averages of a band differ by what they divide by`() async throws {
        let shop = try Shop()
        for id: Int64 in 1...4 { try shop.database.add(customer: id, age: 20) }
        try shop.database.add(customer: 5, age: 12)
        for amount in [10.0, 20, 30] { try shop.database.add(payment: .real(amount), by: 1) }
        try shop.database.add(payment: .real(40), by: 2, year: 2022)
        try shop.database.add(payment: .real(1000), by: 5)
        let snapshot = try await shop.records().read()
        let band = snapshot.ageAverages()[.from18To24]
        #expect((band.customers, band.spenders, band.payments) == (4, 2, 4))
        #expect(band.perSpender == 50 && band.perRegisteredCustomer == 25 && band.perPayment == 25)
        let of2023 = snapshot.ageAverages(in: 2023)[.from18To24]
        #expect((of2023.customers, of2023.spenders, of2023.payments) == (4, 1, 3) && of2023.perSpender == 60)
        #expect(snapshot.ageAverages().under18.total == Cents(100_000), "counted apart")
        #expect(snapshot.ageAverages()[.above47].perSpender == nil)
    }

    @Test func `rows that are not as they should be are counted, and only what has no amount is left out`() async throws {
        let shop = try Shop()
        try shop.database.add(customer: 1, age: 20)
        try shop.database.add(payment: .null, by: 1)
        try shop.database.add(payment: .text("ten"), by: 1)
        try shop.database.add(payment: .bytes([1, 2]), by: 1)
        try shop.database.add(payment: .real(1e300), by: 1)
        try shop.database.add(payment: .real(.infinity), by: 1)
        try shop.database.add(payment: .real(5), by: 99)
        try shop.database.add(payment: .real(10.005), by: 1)
        try shop.database.add(payment: .real(-1), by: 1)
        try shop.database.add(payment: .text("3"), by: 1, year: nil)
        let snapshot = try await shop.records().read()
        var flaws = RecordFlaws()
        (flaws.withoutAmount, flaws.notNumbers, flaws.ofUnknownCustomers) = (1, 4, 1)
        (flaws.rounded, flaws.negative, flaws.withoutYear) = (1, 1, 1)
        #expect(snapshot.flaws == flaws)
        #expect(snapshot.payments == 3)
        #expect(snapshot.total(of: 1) == Cents(1001 - 100 + 300), "10.005 is below half a cent in binary, yet 10.005 × 100 is 1000.5")
        #expect(snapshot.total(of: 1, in: 2023) == Cents(901))
    }

    @Test func `who spent more than a limit in a year is found, by id`() async throws {
        let shop = try Shop()
        for (id, amount) in [(9, 2000.01), (2, 2000), (5, 5000)] as [(Int64, Double)] {
            try shop.database.add(customer: id, age: 40)
            try shop.database.add(payment: .real(amount), by: id)
        }
        let found = try await shop.records().read().customers(in: 2023, over: Cents(200_000))
        #expect(found.map(\.id) == [5, 9] && found.map(\.total) == [Cents(500_000), Cents(200_001)])
    }

    @Test(.enabled(if: SharedData.records != nil)) func `the real records give the answers that others computed`() async throws {
        let answers = try #require(try SharedData.answers())
        let snapshot = try await SpendingRecords(path: try #require(SharedData.records)).read()
        #expect(snapshot.total(of: 791)?.description == "\(answers.total791)")
        #expect(snapshot.total(of: 90)?.description == "\(answers.total90)")
        #expect(snapshot.customerCount == answers.customers)
        #expect(snapshot.customers(in: 2023, over: Cents(200_000)).count == answers.over2000)
        #expect(snapshot.flaws == RecordFlaws() && snapshot.payments == 12_000)
        let averages = snapshot.ageAverages()
        #expect(averages.bands.reduce(0) { $0 + $1.spenders } == answers.spenders)
        for band in AgeBand.allCases {
            let figures = averages[band]
            for (ours, theirs) in [
                (figures.perSpender, answers.perCustomerAverage), (figures.perPayment, answers.perRowAverage),
                (figures.perRegisteredCustomer, answers.perRegisteredCustomerAverage),
            ] {
                let (ours, theirs) = (try #require(ours), try #require(theirs[band.name]))
                #expect(abs(ours - theirs) <= 1e-12 * theirs, "\(band.name): \(ours) and \(theirs)")
            }
        }
    }
}

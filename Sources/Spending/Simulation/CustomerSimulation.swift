import Foundation
package import SQLite

/// An invented shop's records: the tables that Gosset reads, with customers and payments that nobody made.
///
/// The same seed invents the same shop.
package struct CustomerSimulation: Sendable {
    package var customers: Int
    package var payments: Int
    package var years: ClosedRange<Int>
    package var seed: UInt64

    package init(customers: Int = 3000, payments: Int = 12_000, years: ClosedRange<Int> = 2023...2025, seed: UInt64 = 1) {
        self.customers = customers
        self.payments = payments
        self.years = years
        self.seed = seed
    }

    /// Writes the shop into a new database; the file is only to be relied on when this has returned.
    package func write(to path: String) throws(DatabaseError) {
        let database = try Database(path: path, .readWrite)
        // A file that a crash leaves half-written is thrown away, so nothing need be safe before the end.
        try database.execute(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
            CREATE TABLE user_info (user_id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, age INTEGER);
            CREATE TABLE user_spending (user_id INTEGER, money_spent REAL DEFAULT 0.0, year INTEGER);
            """)
        var random = ShopRandom(seed: seed)
        let spenders = try insertCustomers(database, &random)
        try insertPayments(database, spenders, &random)
        try database.execute("PRAGMA journal_mode = DELETE")
    }

    /// Gives back those who spend anything: about half, but one of three of those under 18.
    private func insertCustomers(_ database: Database, _ random: inout ShopRandom) throws(DatabaseError) -> [Int64] {
        let insert = try database.prepare("INSERT INTO user_info (user_id, name, email, age) VALUES (?, ?, ?, ?)")
        var spenders: [Int64] = []
        try database.execute("BEGIN")
        for id in 1...Int64(customers) {
            let first = Self.firstNames[random.below(Self.firstNames.count)]
            let last = Self.lastNames[random.below(Self.lastNames.count)]
            // One of fifty did not say how old; ages gather around the middle of the thirties.
            let age = Int64(16 + (random.below(24) + random.below(24) + random.below(9)))
            let isKnown = random.below(50) > 0
            let email = "\(first).\(last).\(id)@example.com".lowercased()
            try insert.run(.integer(id), .text("\(first) \(last)"), .text(email), isKnown ? .integer(age) : .null)
            if random.below(age < 18 ? 3 : 2) == 0 { spenders.append(id) }
        }
        try database.execute("COMMIT")
        return spenders
    }

    /// Amounts of whole cents: many small, few large, about 60 in the middle.
    private func insertPayments(_ database: Database, _ spenders: [Int64], _ random: inout ShopRandom) throws(DatabaseError) {
        guard !spenders.isEmpty else { return }
        let insert = try database.prepare("INSERT INTO user_spending (user_id, money_spent, year) VALUES (?, ?, ?)")
        try database.execute("BEGIN")
        for _ in 0..<payments {
            let customer = spenders[random.below(spenders.count)]
            let cents = max(1, (6000 * exp(1.1 * random.normal())).rounded())
            let year = years.lowerBound + random.below(years.count)
            try insert.run(.integer(customer), .real(min(cents, 1e9) / 100), .integer(Int64(year)))
        }
        try database.execute("COMMIT")
    }

    private static let firstNames = [
        "Ada", "Ben", "Carla", "David", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Keiko", "Liam", "Mara", "Noah", "Olga", "Paul",
    ]
    private static let lastNames = [
        "Adler", "Brook", "Castro", "Dale", "Ekberg", "Fox", "Gray", "Hill", "Ito", "Jansen", "Keller", "Lund", "Meyer", "Novak", "Okoye",
    ]
}

/// SplitMix64, and what is drawn from it: the same numbers for the same seed, everywhere.
struct ShopRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// A whole number below a bound; the bias of the multiplication is below 2⁻³².
    mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

    /// A standard normal number (Box and Muller, 1958).
    mutating func normal() -> Double {
        let (a, b) = (Double(next() >> 11) + 1, Double(next() >> 11))
        return (-2 * log(a * 0x1p-53)).squareRoot() * cos(2 * .pi * b * 0x1p-53)
    }
}

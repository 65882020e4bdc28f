import Foundation
import SQLite
import Spending
import StandIns
import Testing

@Suite struct SpendingRecordsTests {
    @Test func `a missing table or column is named`() throws {
        let directory = try ScratchDirectory()
        let path = directory.file("other.db")
        let other = try Database(path: path, .readWrite)
        #expect(throws: SpendingError.missing(path: path, table: "user_info", columns: [])) { try SpendingRecords(path: path) }
        try other.execute("CREATE TABLE user_info (user_id INTEGER PRIMARY KEY, email TEXT)")
        #expect(throws: SpendingError.missing(path: path, table: "user_info", columns: ["name", "age"])) { try SpendingRecords(path: path) }
        try other.execute("ALTER TABLE user_info ADD COLUMN name TEXT; ALTER TABLE user_info ADD COLUMN age INTEGER")
        #expect(throws: SpendingError.missing(path: path, table: "user_spending", columns: [])) { try SpendingRecords(path: path) }
        #expect(
            "\(SpendingError.missing(path: "a.db", table: "user_info", columns: ["name", "age"]))"
                == "a.db: the table user_info lacks the columns name, age")
    }

    @Test func `a file that is not there, or no database, is refused and not made`() throws {
        let directory = try ScratchDirectory()
        #expect(throws: SpendingError.self) { try SpendingRecords(path: directory.file("nothing.db")) }
        #expect(!FileManager.default.fileExists(atPath: directory.file("nothing.db")))
        try Data("this is text, and long enough to be looked at as a database, which it is not".utf8).write(
            to: URL(fileURLWithPath: directory.file("text.db")))
        #expect(throws: SpendingError.self) { try SpendingRecords(path: directory.file("text.db")) }
    }

    @Test(arguments: ["DELETE", "WAL"]) func `what is written to the file is in the next answer`(mode: String) async throws {
        let shop = try Shop()
        if mode == "WAL" { try shop.database.database.execute("PRAGMA journal_mode = WAL") }
        try shop.database.add(customer: 1, age: 20)
        let records = try shop.records()
        // Faster than the file's time can tell apart.
        for number in 1...200 {
            try shop.database.add(payment: .real(1), by: 1)
            #expect(try await records.read().total(of: 1) == Cents(Int64(number) * 100))
        }
    }

    @Test func `a file that is put in its place is read`() async throws {
        let shop = try Shop()
        try shop.database.add(customer: 1, age: 20)
        let records = try shop.records()
        #expect(try await records.read().customerCount == 1)
        let other = try ShopDatabase(path: shop.directory.file("new.db"))
        for id: Int64 in 1...3 { try other.add(customer: id, age: 20) }
        #expect(rename(shop.directory.file("new.db"), shop.path) == 0)
        #expect(try await records.read().customerCount == 3)
        #expect(unlink(shop.path) == 0)
        await #expect(throws: SpendingError.self) { try await records.read() }
    }

    @Test func `an unchanged file is read once and then answered from memory`() async throws {
        let shop = try Shop()
        try shop.database.add(customer: 1, age: 20)
        let old = Date(timeIntervalSinceNow: -3600)
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: shop.path)
        let records = try shop.records()
        let first = try #require(records.current)
        #expect(try await records.read() === first)
        try shop.database.add(payment: .real(1), by: 1)
        #expect(records.current == nil, "the file has changed")
        #expect(try await records.read() !== first)
    }

    @Test func `many who ask at once after a change get the same answer`() async throws {
        let shop = try Shop()
        for id: Int64 in 1...500 { try shop.database.add(customer: id, age: 20) }
        let records = try shop.records()
        try shop.database.add(payment: .real(12.34), by: 3)
        let totals = try await withThrowingTaskGroup(of: Cents?.self) { group in
            for _ in 0..<50 { group.addTask { try await records.read().total(of: 3) } }
            return try await group.reduce(into: Set<Cents?>()) { $0.insert($1) }
        }
        #expect(totals == [Cents(1234)])
    }
}

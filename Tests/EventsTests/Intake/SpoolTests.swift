import Events
import Experiments
import Foundation
import SQLite
import Synchronization
import Testing

@Suite struct SpoolTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path + "/events.db" }

    init() throws { directory = try TemporaryDirectory() }

    private func events(_ spool: Spool) async throws -> [Event] {
        try await spool.oldestBatches(bytes: .max).flatMap { try $0.events() }
    }

    /// Changes the file while nobody has it open.
    private func change(_ statement: StaticString) throws { try Database.durable(path: path, isShared: false).execute(statement) }

    @Test func `What was taken in is there after it was opened again, in its order and with its counts`() async throws {
        var spool = try Spool(path: path)
        let name = spool.name
        for number in 0..<20 { try await spool.append(EncodedBatch([.numbered(2 * number), .numbered(2 * number + 1, fact: "buy")])) }
        spool.close()
        spool = try Spool(path: path)
        #expect(spool.name == name)
        #expect(try await events(spool).map(\.id) == (0..<40).map { "event-\($0)" })
        #expect(spool.status.tally.received == 40)
        #expect(spool.status.tally.facts == ["visit": 20, "buy": 20])
        spool.close()
    }

    @Test func `What the warehouse took is gone, and counted`() async throws {
        let spool = try Spool(path: path)
        for number in 1...3 { try await spool.append(EncodedBatch([.numbered(number), .numbered(number)])) }
        let batches = try await spool.oldestBatches(bytes: 1)
        #expect(batches.map(\.numbers) == [1...2])
        let before = spool.status.bytes
        try await spool.discard(through: 4, delivered: 2, duplicates: 2)
        #expect(spool.status.bytes == before / 3)
        #expect(try await events(spool) == [.numbered(3), .numbered(3)])
        #expect((spool.status.tally.delivered, spool.status.tally.duplicates) == (2, 2))
        try await spool.discard(through: 6, delivered: 1, duplicates: 1)
        #expect(spool.status.bytes == 0 && spool.status.oldest == nil)
        try await spool.append(EncodedBatch([.numbered(4)]))
        #expect(try await spool.oldestBatches(bytes: 1).map(\.numbers) == [7...7])
    }

    @Test func `Only the unit that asked is erased, and nothing of it is left in the file`() async throws {
        let spool = try Spool(path: path)
        // Delivered before anybody asked: the pages that held it are free, and hold it still.
        try await spool.append(EncodedBatch((100..<200).map { .numbered($0, unit: "secret-one") }))
        try await spool.discard(through: 100, delivered: 100, duplicates: 0)
        try await spool.append(EncodedBatch([.numbered(1, unit: "stays"), .numbered(2, unit: "secret-one")]))
        try await spool.append(EncodedBatch([.numbered(3, unit: "secret-one")]))
        try await spool.append(EncodedBatch([.numbered(4, unit: "not-secret-one-either")]))
        #expect(try await spool.erase(units: ["secret-one"], at: .noon) == 2)
        #expect(try await spool.erase(units: ["told-of-nothing"], at: .noon) == 0)
        #expect(try await events(spool).map(\.unit) == ["stays", "not-secret-one-either"])
        let erasures = try await spool.erasures()
        #expect(erasures.map(\.unit) == ["secret-one", "told-of-nothing"])
        try await spool.finish(erasures)
        #expect(try await spool.erasures() == [])
        spool.close()
        let file = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        #expect(!file.contains("\"secret-one\"") && !file.contains("told-of-nothing"))
    }

    @Test func `Many units are erased at once, each wholly, and nobody else`() async throws {
        let spool = try Spool(path: path)
        for batch in 0..<20 { try await spool.append(EncodedBatch((0..<50).map { .numbered(50 * batch + $0, unit: "unit-\($0)") })) }
        let units = (0..<40).map { "unit-\($0)" } + ["told-of-nothing", #"a"b\c"#]
        #expect(try await spool.erase(units: units, at: .noon) == 20 * 40)
        let left = try await events(spool)
        #expect(left.count == 200 && Set(left.map(\.unit)) == Set((40..<50).map { "unit-\($0)" }))
        #expect(try await spool.erasures().map(\.unit) == units)
        #expect(spool.status.erasures == units.count && spool.status.tally.erased == 800)
        spool.close()
    }

    // Its facts did not say yet of how many strangers they are.
    @Test func `A spool of the version before is taken over, with its events and counts`() async throws {
        var spool = try Spool(path: path)
        let name = spool.name
        try await spool.append(EncodedBatch([.numbered(1, fact: "buy"), .numbered(2)]))
        spool.close()
        try change("ALTER TABLE fact DROP COLUMN strangers; PRAGMA user_version = 1")
        spool = try Spool(path: path)
        #expect(spool.name == name && spool.status.tally.facts == ["buy": 1, "visit": 1] && spool.status.tally.strangers.isEmpty)
        #expect(try await events(spool).map(\.id) == ["event-1", "event-2"])
        var batch = EventBatch()
        batch.events = [.numbered(3, fact: "buy")]
        batch.strangers = ["buy": 1]
        try await spool.append(EncodedBatch(batch))
        spool.close()
        spool = try Spool(path: path)
        #expect(spool.status.tally.facts == ["buy": 2, "visit": 1] && spool.status.tally.strangers == ["buy": 1])
        spool.close()
        // A newer one is left alone.
        try change("PRAGMA user_version = 3")
        #expect(throws: SpoolError.self) { try Spool(path: path) }
    }

    // A delivery holds what it was given, whatever is erased meanwhile: that is delivered, and then erased in the warehouse.
    @Test func `What is erased while it is under way is counted once`() async throws {
        let spool = try Spool(path: path)
        func sum() -> (received: Int64, others: Int64) {
            let tally = spool.status.tally
            return (tally.received, tally.delivered + tally.duplicates + tally.erased)
        }
        try await spool.append(EncodedBatch([.numbered(1, unit: "goes"), .numbered(2, unit: "stays")]))
        try await spool.append(EncodedBatch([.numbered(3, unit: "goes")]))
        let first = try await spool.oldestBatches(bytes: .max)
        try await spool.append(EncodedBatch([.numbered(4, unit: "goes")]))
        #expect(try await spool.erase(units: ["goes"], at: .noon) == 3)
        try await spool.discard(through: first.last?.numbers.upperBound ?? 0, delivered: 3, duplicates: 0)
        #expect(spool.status.tally.erased == 1 && sum() == (4, 4))
        // A delivery that failed is made again without what was erased.
        try await spool.append(EncodedBatch([.numbered(5, unit: "goes"), .numbered(6, unit: "stays")]))
        _ = try await spool.oldestBatches(bytes: .max)
        #expect(try await spool.erase(units: ["goes"], at: .noon) == 1)
        let again = try await spool.oldestBatches(bytes: .max)
        #expect(try again.flatMap { try $0.events() }.map(\.unit) == ["stays"])
        try await spool.discard(through: again.last?.numbers.upperBound ?? 0, delivered: 1, duplicates: 0)
        #expect(spool.status.tally.erased == 2 && sum() == (6, 6))
        spool.close()
    }

    // What waits decides how old the oldest is: a batch whose events were all erased does not wait.
    @Test func `The oldest event is one that waits, also after erasures`() async throws {
        var options = Spool.Options()
        let time = Mutex<Int64>(0)
        options.now = { Timestamp(milliseconds: time.withLock { $0 }) }
        var spool = try Spool(path: path, options: options)
        for number in 1...3 {
            time.withLock { $0 = Int64(number) }
            let unit = "unit-\(number)"
            try await spool.append(EncodedBatch([.numbered(number, unit: unit), .numbered(number + 10, unit: unit)]))
        }
        #expect(spool.status.oldest?.milliseconds == 1)
        #expect(try await spool.erase(units: ["unit-1"], at: .noon) == 2)
        #expect(spool.status.oldest?.milliseconds == 2)
        #expect(try await spool.erase(units: ["unit-2"], at: .noon) == 2)
        #expect(spool.status.oldest?.milliseconds == 3)
        spool.close()
        spool = try Spool(path: path, options: options)
        #expect(spool.status.oldest?.milliseconds == 3)
        #expect(try await spool.erase(units: ["unit-3"], at: .noon) == 2)
        #expect(spool.status.oldest == nil && spool.status.bytes == 0)
        #expect(try await spool.oldestBatches(bytes: .max).isEmpty)
        try await spool.append(EncodedBatch([]))
        #expect(spool.status.oldest == nil)
        time.withLock { $0 = 9 }
        try await spool.append(EncodedBatch([.numbered(4)]))
        #expect(spool.status.oldest?.milliseconds == 9)
        // Numbers are not used again: the warehouse goes by them.
        #expect(try await spool.oldestBatches(bytes: 1).map(\.numbers) == [7...7])
        let tally = spool.status.tally
        #expect(tally.received == 7 && tally.erased == 6)
        spool.close()
    }

    @Test func `Two processes cannot have one spool`() throws {
        let spool = try Spool(path: path)
        // A lock of a file is a process's own, so another process is asked.
        let other = Process()
        other.executableURL = URL(filePath: "/usr/bin/env")
        other.arguments = ["python3", "-c", "import sqlite3; sqlite3.connect('\(path)', timeout=0).execute('SELECT * FROM batch')"]
        let errors = Pipe()
        other.standardError = errors
        try other.run()
        other.waitUntilExit()
        #expect(String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).contains("locked"))
        spool.close()
    }

    @Test func `A file that is something else is refused with its name`() throws {
        try Data("this is no database, whatever it is called, and long enough to be read".utf8).write(to: URL(filePath: path))
        #expect { try Spool(path: path) } throws: { "\($0)".contains(path) }
    }

    @Test func `The file gives back what a backlog took, and what is left in it stays`() async throws {
        var options = Spool.Options()
        options.slack = 1 << 20
        var spool = try Spool(path: path, options: options)
        func size() throws -> Int { try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0 }
        let batch = (0..<1000).map { Event.numbered($0, unit: "a-unit-with-a-name-of-some-length") }
        var last: Int64 = 0
        for _ in 0..<40 { try await spool.append(EncodedBatch(batch)) }
        try await spool.append(EncodedBatch([.numbered(7)]))
        #expect(try size() > 3 << 20)
        let batches = try await spool.oldestBatches(bytes: .max)
        for batch in batches.dropLast() {
            last = batch.numbers.upperBound
            try await spool.discard(through: last, delivered: batch.numbers.count, duplicates: 0)
        }
        #expect(try size() < 1 << 20)
        #expect(try await events(spool) == [.numbered(7)])
        #expect(spool.status.tally.delivered == 40_000 && spool.status.tally.received == 40_001)
        spool.close()
        spool = try Spool(path: path, options: options)
        #expect(try await events(spool) == [.numbered(7)])
        try await spool.append(EncodedBatch([.numbered(8)]))
        #expect(try await events(spool) == [.numbered(7), .numbered(8)])
        #expect(spool.status.tally.received == 40_002)
        spool.close()
    }

    @Test func `A limited spool refuses what does not fit`() async throws {
        var options = Spool.Options()
        options.bytes = 1000
        let spool = try Spool(path: path, options: options)
        var taken = 0
        do throws(SpoolError) {
            while true {
                try await spool.append(EncodedBatch([.numbered(taken)]))
                taken += 1
            }
        } catch {
            guard case .full(let bytes, limit: 1000) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(bytes <= 1000 && bytes > 800)
            for words in ["spool is full", "at most 1,000", "--events-spool", "/api/v1/events/status", "send them again later"] {
                #expect("\(error)".contains(words), "\(error)")
            }
        }
        #expect(try await events(spool).count == taken)
        try await spool.discard(through: 1, delivered: 1, duplicates: 0)
        try await spool.append(EncodedBatch([.numbered(taken)]))
    }
}

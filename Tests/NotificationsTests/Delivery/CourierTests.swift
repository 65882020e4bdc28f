import Experiments
import Foundation
import Notifications
import StandIns
import Synchronization
import Testing

@Suite struct CourierTests {
    // A way to nobody, that does as it is told.
    final class Recorder: Sender {
        let name: String
        let sent = Mutex<[String]>([])
        let outcomes = Mutex<[DeliveryOutcome]>([])

        init(_ name: String, _ outcomes: DeliveryOutcome...) {
            self.name = name
            self.outcomes.withLock { $0 = outcomes }
        }

        func send(_ notice: Notice, event: String) async -> DeliveryOutcome {
            sent.withLock { $0.append(event) }
            return outcomes.withLock { $0.isEmpty ? .delivered : $0.removeFirst() }
        }
    }

    private let notice = Notice(title: "Title")

    private var hasty: DeliveryQueue.Policy {
        var policy = DeliveryQueue.Policy()
        (policy.firstPause, policy.longestPause, policy.spacing) = (0.005, 0.02, 0)
        return policy
    }

    @Test func `every channel is told of an event once, whatever fails in between`() async throws {
        let directory = try ScratchDirectory()
        let outbox = try Outbox(path: directory.file("outbox.db"))
        let (steady, shaky) = (Recorder("steady"), Recorder("shaky", .failed(reason: "1"), .failed(reason: "2")))
        let gone = Recorder("gone", .refused(reason: "no such chat"))
        let events = Mutex<[Courier.Event]>([])
        let courier = Courier(
            outbox: outbox, senders: [steady, shaky, gone], policy: hasty, report: { event in events.withLock { $0.append(event) } })
        await courier.start()
        for _ in 0..<3 { await courier.post(notice, event: "verdict") }
        #expect(try await eventually { try outbox.counts() == ["delivered": 2, "given up": 1] })
        #expect(steady.sent.withLock { $0 } == ["verdict"])
        #expect(shaky.sent.withLock { $0.count } == 3)
        #expect(events.withLock { $0.contains(.givenUp(channel: "gone", event: "verdict", reason: "no such chat")) })
        await courier.close()
    }

    @Test func `what a run leaves the next one sends`() async throws {
        let directory = try ScratchDirectory()
        var slow = DeliveryQueue.Policy()
        (slow.firstPause, slow.longestPause) = (1000, 1000)
        let away = Recorder("chat", .failed(reason: "away"))
        let first = Courier(outbox: try Outbox(path: directory.file("outbox.db")), senders: [away], policy: slow)
        for number in 1...5 { await first.post(notice, event: "e\(number)") }
        #expect(try await eventually { away.sent.withLock { $0.count } == 1 })
        await first.close()
        let back = Recorder("chat")
        let later = Timestamp(milliseconds: Timestamp.now().milliseconds + 10_000_000)
        let second = Courier(outbox: try Outbox(path: directory.file("outbox.db")), senders: [back], policy: hasty, now: { later })
        await second.start()
        #expect(try await eventually { back.sent.withLock { $0 } == ["e1", "e2", "e3", "e4", "e5"] })
        await second.close()
    }

    @Test func `a topic is announced at most once for each change`() async throws {
        let directory = try ScratchDirectory()
        let outbox = try Outbox(path: directory.file("outbox.db"))
        let chat = Recorder("chat")
        let courier = Courier(outbox: outbox, senders: [chat], policy: hasty)
        for fingerprint in ["x", "x", "x", "y", "y"] { try await courier.announce(notice, topic: "averages", fingerprint: fingerprint) }
        #expect(try await eventually { chat.sent.withLock { $0 } == ["averages#1", "averages#2"] })
        await courier.close()
    }

    // Whoever announces must not take for told what will never be.
    @Test func `what cannot be written down is not taken`() async throws {
        let directory = try ScratchDirectory()
        let path = directory.file("outbox.db")
        func sql(_ text: String) throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/sqlite3")
            process.arguments = [path, text]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        do { _ = try Outbox(path: path) }
        try sql("CREATE TRIGGER full BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'no room'); END")
        let chat = Recorder("chat")
        let failures = Mutex(0)
        var courier = Courier(
            outbox: try Outbox(path: path), senders: [chat], policy: hasty,
            report: { event in if case .outboxFailed = event { failures.withLock { $0 += 1 } } })
        await #expect(throws: Courier.Refusal.self) { try await courier.announce(notice, topic: "verdict", fingerprint: "ship") }
        #expect(failures.withLock { $0 } == 1)
        await courier.close()
        courier = Courier(outbox: try Outbox(path: directory.file("other.db")), senders: [])
        try sql("DROP TRIGGER full")
        courier = Courier(outbox: try Outbox(path: path), senders: [chat], policy: hasty)
        try await courier.announce(notice, topic: "verdict", fingerprint: "ship")
        #expect(try await eventually { chat.sent.withLock { $0 } == ["verdict#1"] })
        await courier.close()
    }

    @Test func `a real bot gets each message once through throttling, errors and garbage`() async throws {
        let directory = try ScratchDirectory()
        let outbox = try Outbox(path: directory.file("outbox.db"))
        try await withBot { bot, address async throws in
            bot.cause(.throttle(seconds: 1), .status(500, "Internal Server Error"), .garbage)
            let account = try #require(TelegramSender.Bot(api: address, token: BotStandIn.token))
            let courier = Courier(
                outbox: outbox, senders: BotStandIn.chats.map { TelegramSender(bot: account, chat: $0) }, policy: hasty)
            await courier.post(notice, event: "verdict")
            await courier.post(notice, event: "verdict")
            #expect(try await eventually { try outbox.counts() == ["delivered": 3] })
            #expect(bot.received.map(\.chat).sorted() == BotStandIn.chats.sorted())
            #expect(bot.requests == 6 && bot.complaints == [])
            await courier.close()
        }
    }
}

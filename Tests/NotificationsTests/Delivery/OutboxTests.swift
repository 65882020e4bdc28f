import Experiments
import Notifications
import StandIns
import Testing

@Suite struct OutboxTests {
    private let notice = Notice(title: "Title", paragraphs: ["One", "Two"], table: .init(headings: ["a"], rows: [["b"]]), chart: "{}")

    @Test func `an event is told to a channel once`() throws {
        let directory = try ScratchDirectory()
        let outbox = try Outbox(path: directory.file("outbox.db"))
        #expect(try outbox.post(notice, event: "e", to: ["a", "b"], at: time(1)).map(\.channel) == ["a", "b"])
        #expect(try outbox.post(notice, event: "e", to: ["a", "c"], at: time(2)).map(\.channel) == ["c"])
        for message in try outbox.waiting() { try outbox.conclude(message.id, .delivered) }
        #expect(try outbox.post(notice, event: "e", to: ["a", "b", "c"], at: time(3)) == [])
    }

    @Test func `messages outlive the process, with what they say`() throws {
        let directory = try ScratchDirectory()
        let sent = try Outbox(path: directory.file("outbox.db")).post(notice, event: "e", to: ["a"], at: time(1))
        let outbox = try Outbox(path: directory.file("outbox.db"))
        #expect(try outbox.waiting() == sent)
        try outbox.conclude(sent[0].id, .again(at: time(99), failures: 2, reason: "no"))
        let later = try #require(try outbox.waiting().first)
        #expect((later.due, later.failures, later.notice) == (time(99), 2, notice))
        try outbox.conclude(sent[0].id, .givenUp(reason: "never"))
        #expect(try outbox.waiting() == [])
        #expect(try outbox.counts() == ["given up": 1])
    }

    @Test func `a topic is news when it says something else, or when it is asked for`() throws {
        let directory = try ScratchDirectory()
        let outbox = try Outbox(path: directory.file("outbox.db"))
        func events(_ fingerprint: String, asked: Bool = false) throws -> [String] {
            try outbox.announce(notice, topic: "t", fingerprint: fingerprint, evenIfKnown: asked, to: ["a"], at: time(1)).map(\.event)
        }
        #expect(try events("x") == ["t#1"])
        #expect(try events("x") == [])
        #expect(try events("y") == ["t#2"])
        #expect(try events("x") == ["t#3"], "it has changed back, which is news")
        #expect(try events("x", asked: true) == ["t#4"])
        #expect(try Outbox(path: directory.file("outbox.db")).announce(notice, topic: "t", fingerprint: "x", to: ["a"], at: time(2)) == [])
    }

    @Test func `what is held back is told when it came to be, once, and outlives the process`() throws {
        func held(_ number: Int, _ fingerprint: String, topic: String = "t") -> Outbox.Held {
            Outbox.Held(topic: topic, number: number, action: "verdict", subject: "price", fingerprint: fingerprint)
        }
        let directory = try ScratchDirectory()
        let outbox = try Outbox(path: directory.file("outbox.db"))
        for news in [held(1, "x"), held(2, "y"), held(1, "z"), held(1, "o", topic: "other")] { try outbox.hold(notice, news) }
        #expect(try outbox.waiting() == [])
        let again = try Outbox(path: directory.file("outbox.db"))
        #expect(again.identity == outbox.identity && again.identity.count == 16)
        #expect(try Outbox(path: directory.file("another.db")).identity != outbox.identity)
        #expect(try again.held() == [held(1, "o", topic: "other"), held(1, "z"), held(2, "y")])
        #expect(try again.settle(held(1, "z"), isTold: false, to: ["a"], at: time(1)) == [])
        let sent = try again.settle(held(2, "y"), isTold: true, to: ["a", "b"], at: time(2))
        #expect(sent.map(\.event) == ["t#2", "t#2"] && sent.map(\.channel) == ["a", "b"] && sent.allSatisfy { $0.notice == notice })
        #expect(try again.waiting() == sent && again.held() == [held(1, "o", topic: "other")])
        #expect(try again.settle(held(2, "y"), isTold: true, to: ["a", "b"], at: time(3)) == [], "nothing is held any more")
        for message in sent { try again.conclude(message.id, .delivered) }
        // Another second of its topic, as a restored registry would have it.
        for event in ["t#2.2", "t#2.3"] {
            try again.hold(notice, held(2, "w"))
            #expect(try again.settle(held(2, "w"), isTold: true, to: ["a"], at: time(3)).map(\.event) == [event])
        }
    }
}

package import Experiments
import Foundation
package import SQLite
import Synchronization

/// Messages that are to be sent, in a SQLite file: synced before anybody relies on them, so that they survive a crash.
///
/// An event is told to a channel once, by a unique key. When a message was delivered, what it said is forgotten; that it was, is not.
package final class Outbox: Sendable {
    /// A message to one channel.
    package struct Message: Hashable, Sendable {
        package let id: Int64
        package let event: String
        package let channel: String
        package let notice: Notice
        package let created: Timestamp
        package let failures: Int
        /// When it may be sent at the earliest.
        package let due: Timestamp
    }

    /// News that is held back until it is known whether it came to be: until the audit log has it.
    package struct Held: Hashable, Sendable {
        package let topic: String
        /// Which entry it is to be of its action about its subject, from 1 on.
        package let number: Int
        package let action: String
        package let subject: String
        /// What the entry is to say.
        package let fingerprint: String

        package init(topic: String, number: Int, action: String, subject: String, fingerprint: String) {
            (self.topic, self.number, self.action, self.subject, self.fingerprint) = (topic, number, action, subject, fingerprint)
        }
    }

    /// A random name of 16 hexadecimal digits, which tells this outbox from those of other servers.
    package let identity: String

    private let database: Mutex<Database>

    /// Opens the file, and makes it if it is not there.
    package init(path: String) throws(DatabaseError) {
        let opened = try Database.durable(path: path)
        try opened.execute(
            """
            CREATE TABLE IF NOT EXISTS message (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                event TEXT NOT NULL,
                channel TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given up')),
                content TEXT,
                created INTEGER NOT NULL,
                failures INTEGER NOT NULL DEFAULT 0,
                due INTEGER NOT NULL,
                note TEXT,
                UNIQUE (event, channel)
            ) STRICT;
            CREATE INDEX IF NOT EXISTS message_waiting ON message (id) WHERE state = 'waiting';
            CREATE TABLE IF NOT EXISTS topic (name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, revision INTEGER NOT NULL) STRICT;
            CREATE TABLE IF NOT EXISTS held (
                topic TEXT NOT NULL,
                number INTEGER NOT NULL,
                action TEXT NOT NULL,
                subject TEXT NOT NULL,
                fingerprint TEXT NOT NULL,
                content TEXT NOT NULL,
                PRIMARY KEY (topic, number)
            ) STRICT;
            CREATE TABLE IF NOT EXISTS identity (name TEXT NOT NULL) STRICT;
            INSERT INTO identity (name) SELECT lower(hex(randomblob(8))) WHERE NOT EXISTS (SELECT 1 FROM identity)
            """)
        var name = ""
        try opened.prepare("SELECT name FROM identity").rows { row throws(DatabaseError) in name = row.text(0) }
        identity = name
        database = Mutex(opened)
    }

    /// Takes in a message to each channel; those that were told of the event before are left out.
    package func post(
        _ notice: Notice, event: String, to channels: [String], at now: Timestamp
    ) throws(DatabaseError) -> [Message] {
        try database.withLock { database throws(DatabaseError) in
            try database.transaction { () throws(DatabaseError) in
                try Self.insert(notice, event, channels, now, database)
            }
        }
    }

    /// Takes in what is news about a topic: nothing if it is what was told last, unless it is asked for.
    ///
    /// - Parameter fingerprint: the same for what says the same.
    package func announce(
        _ notice: Notice, topic: String, fingerprint: String, evenIfKnown: Bool = false, to channels: [String], at now: Timestamp
    ) throws(DatabaseError) -> [Message] {
        try database.withLock { database throws(DatabaseError) in
            try database.transaction { () throws(DatabaseError) in
                var last: (fingerprint: String, revision: Int64)?
                try database.prepare("SELECT fingerprint, revision FROM topic WHERE name = ?").rows([.text(topic)]) {
                    row throws(DatabaseError) in last = (row.text(0), row.integer(1))
                }
                guard evenIfKnown || last?.fingerprint != fingerprint else { return [] }
                let revision = (last?.revision ?? 0) + 1
                try database.prepare("INSERT OR REPLACE INTO topic (name, fingerprint, revision) VALUES (?, ?, ?)")
                    .run(.text(topic), .text(fingerprint), .integer(revision))
                return try Self.insert(notice, "\(topic)#\(revision)", channels, now, database)
            }
        }
    }

    /// Takes in news that is not to be told before ``settle(_:isTold:to:at:)``, in place of what was held of its topic under the same number.
    package func hold(_ notice: Notice, _ held: Held) throws(DatabaseError) {
        let content = try Self.content(notice)
        try database.withLock { database throws(DatabaseError) in
            try database.prepare(
                "INSERT OR REPLACE INTO held (topic, number, action, subject, fingerprint, content) VALUES (?, ?, ?, ?, ?, ?)"
            ).run(
                .text(held.topic), .integer(Int64(held.number)), .text(held.action), .text(held.subject), .text(held.fingerprint),
                .text(content))
        }
    }

    /// What is held back, in order.
    package func held() throws(DatabaseError) -> [Held] {
        try database.withLock { database throws(DatabaseError) in
            var found: [Held] = []
            try database.prepare("SELECT topic, number, action, subject, fingerprint FROM held ORDER BY topic, number").rows {
                row throws(DatabaseError) in
                found.append(
                    Held(
                        topic: row.text(0), number: Int(row.integer(1)), action: row.text(2), subject: row.text(3),
                        fingerprint: row.text(4)))
            }
            return found
        }
    }

    /// Takes in a message to each channel of what was held back, as the event `topic#number`, or drops it.
    ///
    /// Where that event is of something else already, as a registry that was restored counts anew, it is `topic#number.2`, and so on.
    package func settle(_ held: Held, isTold: Bool, to channels: [String], at now: Timestamp) throws(DatabaseError) -> [Message] {
        try database.withLock { database throws(DatabaseError) in
            try database.transaction { () throws(DatabaseError) in
                var notice: Notice?
                try database.prepare("DELETE FROM held WHERE topic = ? AND number = ? RETURNING content")
                    .rows([.text(held.topic), .integer(Int64(held.number))]) { row throws(DatabaseError) in
                        notice = try? JSONDecoder().decode(Notice.self, from: Data(row.bytes(0)))
                    }
                guard isTold, let notice else { return [] }
                var (event, suffix) = ("\(held.topic)#\(held.number)", 1)
                while try database.prepare("SELECT count(*) FROM message WHERE event = ?").integer(.text(event)) != 0 {
                    suffix += 1
                    event = "\(held.topic)#\(held.number).\(suffix)"
                }
                return try Self.insert(notice, event, channels, now, database)
            }
        }
    }

    private static func content(_ notice: Notice) throws(DatabaseError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(notice) else { throw DatabaseError(.failed, "The notice cannot be written") }
        return String(decoding: data, as: UTF8.self)
    }

    private static func insert(
        _ notice: Notice, _ event: String, _ channels: [String], _ now: Timestamp, _ database: Database
    ) throws(DatabaseError) -> [Message] {
        let content = try content(notice)
        let insert = try database.prepare(
            """
            INSERT INTO message (event, channel, state, content, created, due) VALUES (?1, ?2, 'waiting', ?3, ?4, ?4)
            ON CONFLICT (event, channel) DO NOTHING RETURNING id
            """)
        var messages: [Message] = []
        for channel in channels {
            let values: [Value] = [.text(event), .text(channel), .text(content), .integer(now.milliseconds)]
            try insert.rows(values) { row throws(DatabaseError) in
                messages.append(
                    Message(
                        id: row.integer(0), event: event, channel: channel, notice: notice, created: now, failures: 0,
                        due: now))
            }
        }
        return messages
    }

    /// Messages that were neither delivered nor given up, the oldest first.
    package func waiting() throws(DatabaseError) -> [Message] {
        try database.withLock { database throws(DatabaseError) in
            var messages: [Message] = []
            let sql: StaticString =
                "SELECT id, event, channel, content, created, failures, due FROM message WHERE state = 'waiting' ORDER BY id"
            try database.prepare(sql).rows { row throws(DatabaseError) in
                guard let notice = try? JSONDecoder().decode(Notice.self, from: Data(row.bytes(3))) else { return }
                messages.append(
                    Message(
                        id: row.integer(0), event: row.text(1), channel: row.text(2), notice: notice,
                        created: Timestamp(milliseconds: row.integer(4)), failures: Int(row.integer(5)),
                        due: Timestamp(milliseconds: row.integer(6))))
            }
            return messages
        }
    }

    /// Writes down what became of a message.
    package func conclude(_ id: Int64, _ conclusion: DeliveryQueue.Conclusion) throws(DatabaseError) {
        try database.withLock { database throws(DatabaseError) in
            switch conclusion {
            case .delivered:
                try database.prepare("UPDATE message SET state = 'delivered', content = NULL, note = NULL WHERE id = ?").run(.integer(id))
            case .givenUp(let reason):
                try database.prepare("UPDATE message SET state = 'given up', content = NULL, note = ?2 WHERE id = ?1")
                    .run(.integer(id), .text(reason))
            case .again(let due, let failures, let reason):
                try database.prepare("UPDATE message SET due = ?2, failures = ?3, note = ?4 WHERE id = ?1")
                    .run(.integer(id), .integer(due.milliseconds), .integer(Int64(failures)), .text(reason))
            }
        }
    }

    /// How many messages there are in each state.
    package func counts() throws(DatabaseError) -> [String: Int] {
        try database.withLock { database throws(DatabaseError) in
            var counts: [String: Int] = [:]
            try database.prepare("SELECT state, count(*) FROM message GROUP BY state").rows { row throws(DatabaseError) in
                counts[row.text(0)] = Int(row.integer(1))
            }
            return counts
        }
    }
}

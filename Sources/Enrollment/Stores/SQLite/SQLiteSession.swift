import Experiments
import Foundation
import Randomization
import SQLite

/// One opening of the database: the connection, its prepared statements, and what is known as long as it is trusted.
final class SQLiteSession {
    let connection: Connection<StoreError>
    private let begin: Connection<StoreError>.Statement
    private let commit: Connection<StoreError>.Statement
    let insertDevice: Connection<StoreError>.Statement
    private let selectDevices: Connection<StoreError>.Statement
    let insertMember: Connection<StoreError>.Statement
    private let selectMembers: Connection<StoreError>.Statement
    var nextOrdinal: Ordinal
    /// The number of the link that was stored last.
    var lastLink: Int64
    private var latest: RegistryRecords

    init(path: String) throws(StoreError) {
        connection = try Connection(path: path, .readWrite)
        // Exclusive before the first access in WAL mode: then the log's index is kept in memory. Otherwise it is a file that is mapped and
        // written to, which ends the process with SIGBUS when the disk becomes read-only.
        // Checkpoints are small and frequent: one is part of a commit, and all who came meanwhile wait for it. A log of 200 pages instead
        // of the default 1,000 costs no throughput and takes the long waits away: the worst of 50,000 first contacts a round waited 12 ms
        // instead of 53 (medians of six rounds).
        do throws(StoreError) {
            try connection.execute(
                """
                PRAGMA locking_mode = EXCLUSIVE;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = 200;
                """)
            try SQLiteSchema.migrate(connection)
        } catch let error where error.code == .corrupt {
            throw StoreError(.corrupt, "\(path) cannot be read as a registry", cause: error.cause)
        }
        begin = try connection.prepare("BEGIN IMMEDIATE")
        commit = try connection.prepare("COMMIT")
        insertDevice = try connection.prepare("INSERT INTO device (ordinal, token, first_seen) VALUES (?, ?, ?)")
        selectDevices = try connection.prepare(
            "SELECT ordinal, token, first_seen FROM device WHERE ordinal >= ? ORDER BY ordinal LIMIT ?")
        insertMember = try connection.prepare("INSERT INTO member (ordinal, sequence) VALUES (?, ?)")
        selectMembers = try connection.prepare(
            "SELECT ordinal, sequence FROM member WHERE ordinal >= ? AND ordinal < ? ORDER BY ordinal, sequence")
        nextOrdinal = Ordinal(try connection.prepare("SELECT coalesce(max(ordinal) + 1, 0) FROM device").integer() ?? 0)
        lastLink = try connection.prepare("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'link'").integer() ?? 0
        latest = try Self.readRecords(connection)
        try proveWritable()
    }

    /// Moves everything from the log into the database and syncs that, then commits once more.
    ///
    /// After a failed sync the log may look whole and yet not be on the disk, for the system forgets what it could not write. Writing the
    /// content once more, to another file, and syncing that, makes good what was doubtful before anybody relies on it.
    private func proveWritable() throws(StoreError) {
        var left: Int64 = 0
        try connection.prepare("PRAGMA wal_checkpoint(RESTART)").rows { row throws(StoreError) in
            left = row.integer(1) - row.integer(2)
        }
        guard left == 0 else { throw StoreError(.timeout, "Another program holds on to the registry's database") }
        try connection.prepare("UPDATE state SET opened = ?").run(.integer(Timestamp.now().milliseconds))
    }

    /// Reads the registry's identity, or gives it one.
    func identity() throws(StoreError) -> RegistryIdentity {
        if let identity = try readIdentity() { return identity }
        let new = RegistryIdentity.random()
        let insert = try connection.prepare("INSERT INTO setting (name, value) VALUES (?, ?)")
        try connection.execute("BEGIN IMMEDIATE")
        try insert.run(.text("id"), .text(new.id))
        try insert.run(.text("fingerprint_key"), .text(new.fingerprintKey.hexadecimal))
        try connection.execute("COMMIT")
        return new
    }

    private func readIdentity() throws(StoreError) -> RegistryIdentity? {
        var settings: [String: String] = [:]
        try connection.prepare("SELECT name, value FROM setting").rows { row throws(StoreError) in
            settings[row.text(0)] = row.text(1)
        }
        guard let id = settings["id"] else { return nil }
        guard let key = settings["fingerprint_key"].flatMap(SecretKey.init(hexadecimal:)) else {
            throw StoreError(.corrupt, "The registry's fingerprint key is damaged")
        }
        return RegistryIdentity(id: id, fingerprintKey: key)
    }

    func beginBackup(directory: String, name: String) throws(BackupError) -> SQLiteBackup {
        try SQLiteBackup(of: connection, directory: directory, name: name)
    }

    // MARK: Devices

    func readDevices(
        from first: Ordinal, limit: Int, _ body: (Span<UInt8>, Device) throws(StoreError) -> Void
    ) throws(StoreError) -> Int {
        var count = 0
        try selectDevices.rows([.integer(Int64(first)), .integer(Int64(limit))]) { row throws(StoreError) in
            let device = Device(
                ordinal: Ordinal(row.integer(0)), firstSeen: Timestamp(milliseconds: row.integer(2)))
            try row.withBytes(1) { token throws(StoreError) in try body(token, device) }
            count += 1
        }
        return count
    }

    /// Appends the devices and syncs the log.
    ///
    /// Row by row: in the profile SQLite takes less than a tenth of the time, so statements of many rows would save little. The rest is
    /// the sync, which a batch shares. The log is checkpointed often and then written over from its start, so that a sync seldom has to
    /// record that the file grew.
    func enroll(_ tokens: [DeviceToken], joining memberships: Memberships?, at now: Timestamp) throws(StoreError) -> EnrolledBatch {
        if let memberships, memberships.revision != latest.revision { return .stale(revision: latest.revision) }
        let fresh = nextOrdinal..<nextOrdinal + Ordinal(tokens.count)
        try begin.run()
        for (ordinal, token) in zip(fresh, tokens) {
            try insertDevice.run(Int64(ordinal), ascii: token.bytes, now.milliseconds)
        }
        for (ordinal, sequences) in zip(fresh, memberships?.sequences ?? []) {
            for sequence in sequences { try insertMember.run(.integer(Int64(ordinal)), .integer(Int64(sequence))) }
        }
        try commit.run()
        nextOrdinal = fresh.upperBound
        return EnrolledBatch(
            devices: fresh.map { Device(ordinal: $0, firstSeen: now) }, fresh: fresh, revision: latest.revision)
    }

    func readMembers(in ordinals: Range<Ordinal>, _ body: (Ordinal, UInt32) throws(StoreError) -> Void) throws(StoreError) {
        let bounds: [Value] = [.integer(Int64(ordinals.lowerBound)), .integer(Int64(ordinals.upperBound))]
        try selectMembers.rows(bounds) { row throws(StoreError) in
            try body(Ordinal(row.integer(0)), UInt32(truncatingIfNeeded: row.integer(1)))
        }
    }

    // MARK: Records

    func records() -> RegistryRecords { latest }

    func change(_ body: (RegistryRecords, Ordinal) throws -> RecordChanges) throws -> RegistryRecords {
        // Nobody else writes, so the body may decide before the transaction begins.
        let changes = try body(latest, nextOrdinal)
        guard !changes.isEmpty else { return latest }
        try write(changes)
        latest = latest.applying(changes)
        return latest
    }

    private func write(_ changes: RecordChanges) throws(StoreError) {
        try connection.execute("BEGIN IMMEDIATE")
        let removal = try connection.prepare("DELETE FROM experiment WHERE key = ?")
        for key in changes.removedExperiments { try removal.run(.text(key)) }
        let experiment = try connection.prepare(
            "INSERT INTO experiment (key, document) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET document = excluded.document")
        for document in changes.experiments { try experiment.run(.text(document.key), .text(document.json)) }
        let dissolution = try connection.prepare("DELETE FROM arrangement WHERE kind = ? AND name = ?")
        for id in changes.removedArrangements { try dissolution.run(.text(id.kind), .text(id.name)) }
        let arrangement = try connection.prepare(
            """
            INSERT INTO arrangement (kind, name, document) VALUES (?, ?, ?)
            ON CONFLICT (kind, name) DO UPDATE SET document = excluded.document
            """)
        for document in changes.arrangements {
            try arrangement.run(.text(document.id.kind), .text(document.id.name), .text(document.json))
        }
        let accessToken = try connection.prepare(
            """
            INSERT INTO access_token (name, role, hash, created, revoked) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE
            SET role = excluded.role, hash = excluded.hash, created = excluded.created, revoked = excluded.revoked
            """)
        for token in changes.accessTokens {
            try accessToken.run(
                .text(token.name), .text(token.role.rawValue), .bytes(token.hash), .integer(token.created.milliseconds),
                Value(token.revoked?.milliseconds))
        }
        let rename = try connection.prepare("UPDATE device SET token = ? WHERE ordinal = ? AND token = ?")
        for renaming in changes.renamedDevices {
            try rename.run(.text(renaming.to.description), .integer(Int64(renaming.ordinal)), .text(renaming.from.description))
        }
        let unlink = try connection.prepare("DELETE FROM link WHERE token = ?")
        for token in changes.unlinked { try unlink.run(.text(token.description)) }
        let audit = try connection.prepare(
            "INSERT INTO audit (time, actor, action, subject, before, after) VALUES (?, ?, ?, ?, ?, ?)")
        for entry in changes.audit {
            try audit.run(
                .integer(entry.time.milliseconds), .text(entry.actor), .text(entry.action), .text(entry.subject),
                Value(entry.before), Value(entry.after))
        }
        try connection.execute("UPDATE state SET revision = revision + 1; COMMIT")
    }

    private static func readRecords(_ connection: Connection<StoreError>) throws(StoreError) -> RegistryRecords {
        var records = RegistryRecords()
        records.revision = UInt64(try connection.prepare("SELECT revision FROM state").integer() ?? 0)
        try connection.prepare("SELECT key, document FROM experiment ORDER BY position").rows { row throws(StoreError) in
            records.experiments.append(ExperimentDocument(key: row.text(0), json: row.text(1)))
        }
        try connection.prepare("SELECT kind, name, document FROM arrangement ORDER BY position").rows { row throws(StoreError) in
            records.arrangements.append(
                ArrangementDocument(id: .init(kind: row.text(0), name: row.text(1)), json: row.text(2)))
        }
        let accessTokens = try connection.prepare("SELECT name, role, hash, created, revoked FROM access_token ORDER BY position")
        try accessTokens.rows { row throws(StoreError) in
            guard let role = AccessRole(rawValue: row.text(1)) else {
                throw StoreError(.corrupt, "The access token '\(row.text(0))' has the unknown role '\(row.text(1))'")
            }
            records.accessTokens.append(
                AccessTokenRecord(
                    name: row.text(0), role: role, hash: row.bytes(2), created: Timestamp(milliseconds: row.integer(3)),
                    revoked: row.optionalInteger(4).map(Timestamp.init(milliseconds:))))
        }
        return records
    }

    func auditLog(_ query: AuditQuery) throws(StoreError) -> [AuditEntry] {
        // With a subject by its index.
        let statement = try connection.prepare(
            query.subject == nil
                ? """
                SELECT id, time, actor, action, subject, before, after FROM audit
                WHERE id < ?1 AND ?2 IS NULL AND (?4 IS NULL OR action IN (SELECT value FROM json_each(?4))) ORDER BY id DESC LIMIT ?3
                """
                : """
                SELECT id, time, actor, action, subject, before, after FROM audit
                WHERE subject = ?2 AND id < ?1 AND (?4 IS NULL OR action IN (SELECT value FROM json_each(?4))) ORDER BY id DESC LIMIT ?3
                """)
        var entries: [AuditEntry] = []
        let actions = query.actions.flatMap { try? JSONEncoder().encode($0) }.map { String(decoding: $0, as: UTF8.self) }
        let values: [Value] = [.integer(query.before ?? .max), Value(query.subject), .integer(Int64(query.limit)), Value(actions)]
        try statement.rows(values) { row throws(StoreError) in
            entries.append(
                AuditEntry(
                    id: row.integer(0), time: Timestamp(milliseconds: row.integer(1)), actor: row.text(2), action: row.text(3),
                    subject: row.text(4), before: row.optionalText(5), after: row.optionalText(6)))
        }
        return entries
    }
}

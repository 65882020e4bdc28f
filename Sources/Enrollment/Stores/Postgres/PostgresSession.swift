import Experiments
import Randomization

/// One connection, and what the registry asks through it.
///
/// Devices are here, records in `PostgresSession+Records.swift`.
final class PostgresSession {
    let connection: PostgresConnection

    init(uri: String, patience: Duration) throws(StoreError) {
        connection = try PostgresConnection(uri: uri, patience: patience)
        // A server that stops in the middle must not keep the others from the row that they all need. Plans are made once, and by index
        // only: they must not go wrong because a table was empty when they were made. Weaker durability than on is not accepted.
        try connection.execute(
            """
            SET statement_timeout = '5s';
            SET lock_timeout = '5s';
            SET idle_in_transaction_session_timeout = '5s';
            SET client_min_messages = warning;
            SET plan_cache_mode = force_generic_plan;
            SET enable_seqscan = off;
            SET enable_hashjoin = off;
            SET enable_mergejoin = off;
            SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
            """)
        try PostgresSchema.migrate(connection)
        // Fails where the database can only be read, or has no room.
        _ = try connection.query(.markOpened, [.integer(Timestamp.now().milliseconds)])
    }

    /// Reads the registry's identity, or gives it one.
    func identity() throws(StoreError) -> RegistryIdentity {
        let new = RegistryIdentity.random()
        // Whoever comes first decides, for both settings come in one transaction.
        _ = try connection.query(.makeIdentity, [.text(new.id), .text(new.fingerprintKey.hexadecimal)])
        let stored = try connection.query(.readIdentity)
        guard stored.rows.count == 1, let key = SecretKey(hexadecimal: stored.text(0, 1)) else {
            throw StoreError(.corrupt, "The registry's fingerprint key is damaged")
        }
        return RegistryIdentity(id: stored.text(0, 0), fingerprintKey: key)
    }

    func nextOrdinal() throws(StoreError) -> Ordinal {
        Ordinal(try connection.query(.readState).integer(0, 0))
    }

    func revision() throws(StoreError) -> UInt64 {
        UInt64(try connection.query(.readState).integer(0, 1))
    }

    func readDevices(
        from first: Ordinal, limit: Int, _ body: (Span<UInt8>, Device) throws(StoreError) -> Void
    ) throws(StoreError) -> Int {
        let result = try connection.query(.readDevices, [.integer(Int64(first)), .integer(Int64(limit))])
        for row in result.rows {
            try body(result.bytes(row, 1).span, result.device(row, ordinal: 0, firstSeen: 2))
        }
        return result.rows.count
    }

    /// First without the lock: what other servers know already needs no turn.
    ///
    /// Then the rest, in one round trip that holds the lock.
    func enroll(_ tokens: [DeviceToken], joining memberships: Memberships?, at now: Timestamp) throws(StoreError) -> EnrolledBatch {
        var devices = [Device?](repeating: nil, count: tokens.count)
        var revision: UInt64 = 0
        let known = try connection.query(.findDevices, [.texts(tokens.map(\.bytes))])
        for row in known.rows {
            devices[Int(known.integer(row, 0)) - 1] = known.device(row, ordinal: 1, firstSeen: 2)
            revision = UInt64(known.integer(row, 3))
        }
        let unknown = devices.indices.filter { devices[$0] == nil }
        var fresh: Range<Ordinal> = 0..<0
        if !unknown.isEmpty {
            let joined = memberships.flatMap { $0.sequences.isEmpty ? nil : $0.sequences }
            let sequences = unknown.map { joined?[$0].map(String.init).joined(separator: ",") ?? "" }
            let results = try connection.pipeline([
                (.begin, []), (.takeTurn, []),
                (
                    .enroll,
                    [
                        .texts(unknown.map { tokens[$0].bytes }), .integer(now.milliseconds), .texts(sequences.map { Array($0.utf8) }),
                        PostgresValue(memberships.map { Int64($0.revision) }),
                    ]
                ),
                (.commit, []),
            ])
            let latest = UInt64(results[1].integer(0, 0))
            if let memberships, memberships.revision != latest { return .stale(revision: latest) }
            let enrolled = results[2]
            for row in enrolled.rows {
                let device = enrolled.device(row, ordinal: 1, firstSeen: 2)
                devices[unknown[Int(enrolled.integer(row, 0)) - 1]] = device
                guard enrolled.boolean(row, 3) else { continue }
                fresh = fresh.isEmpty ? device.ordinal..<device.ordinal + 1 : fresh.lowerBound..<device.ordinal + 1
            }
            revision = latest
        }
        let all = devices.compactMap(\.self)
        guard all.count == tokens.count else { throw StoreError(.rejected, "PostgreSQL left out some of the devices") }
        return EnrolledBatch(devices: all, fresh: fresh, revision: revision)
    }
}

extension PostgresSession {
    func readMembers(in ordinals: Range<Ordinal>, _ body: (Ordinal, UInt32) throws(StoreError) -> Void) throws(StoreError) {
        let bounds: [PostgresValue] = [.integer(Int64(ordinals.lowerBound)), .integer(Int64(ordinals.upperBound))]
        let result = try connection.query(.readMembers, bounds)
        for row in result.rows {
            try body(Ordinal(result.integer(row, 0)), UInt32(truncatingIfNeeded: result.integer(row, 1)))
        }
    }
}

extension PostgresResult {
    func device(_ row: Int32, ordinal: Int32, firstSeen: Int32) -> Device {
        Device(ordinal: Ordinal(integer(row, ordinal)), firstSeen: Timestamp(milliseconds: integer(row, firstSeen)))
    }
}

extension PostgresStatement {
    static let begin = PostgresStatement("begin", "BEGIN ISOLATION LEVEL READ COMMITTED")
    static let commit = PostgresStatement("commit", "COMMIT")

    fileprivate static let markOpened = PostgresStatement("mark opened", "UPDATE gosset.state SET opened = $1::bigint")

    fileprivate static let makeIdentity = PostgresStatement(
        "make identity",
        """
        INSERT INTO gosset.setting (name, value) VALUES ('id', $1::text), ('fingerprint_key', $2::text) ON CONFLICT DO NOTHING
        """)

    fileprivate static let readIdentity = PostgresStatement(
        "read identity",
        """
        SELECT id.value, key.value FROM gosset.setting AS id, gosset.setting AS key
        WHERE id.name = 'id' AND key.name = 'fingerprint_key'
        """)

    fileprivate static let readState = PostgresStatement("read state", "SELECT next_ordinal, revision FROM gosset.state WHERE id = 0")

    /// The lock of those who enroll devices or change records; what is read next is what was last committed.
    static let takeTurn = PostgresStatement("take turn of state", "SELECT revision, next_ordinal FROM gosset.state WHERE id = 0 FOR UPDATE")

    fileprivate static let readDevices = PostgresStatement(
        "read devices",
        "SELECT ordinal, token, first_seen FROM gosset.device WHERE ordinal >= $1::bigint ORDER BY ordinal LIMIT $2::bigint")

    static let findDevices = PostgresStatement(
        "find devices",
        """
        SELECT wanted.place, coalesce(device.ordinal, link.ordinal), coalesce(device.first_seen, link.first_seen), state.revision
        FROM unnest($1::text[]) WITH ORDINALITY AS wanted (token, place)
        LEFT JOIN gosset.device ON device.token = wanted.token COLLATE "C"
        LEFT JOIN gosset.link ON link.token = wanted.token COLLATE "C" AND link.is_alias
        JOIN gosset.state ON state.id = 0
        WHERE device.ordinal IS NOT NULL OR link.ordinal IS NOT NULL
        """)

    fileprivate static let readMembers = PostgresStatement(
        "read members",
        "SELECT ordinal, sequence FROM gosset.member WHERE ordinal >= $1::bigint AND ordinal < $2::bigint ORDER BY ordinal, sequence")

    /// Needs the turn.
    ///
    /// Enrolls nobody if the revision is not the one that is expected.
    ///
    /// Every part sees what was there when the statement began, so after the lock, and before its own writes.
    fileprivate static let enroll = PostgresStatement(
        "enroll",
        """
        WITH wanted AS MATERIALIZED (
            SELECT wanted.token, wanted.place, wanted.sequences, coalesce(device.ordinal, link.ordinal) AS ordinal,
                coalesce(device.first_seen, link.first_seen) AS first_seen
            FROM unnest($1::text[], $3::text[]) WITH ORDINALITY AS wanted (token, sequences, place)
            LEFT JOIN gosset.device ON device.token = wanted.token COLLATE "C"
            LEFT JOIN gosset.link ON link.token = wanted.token COLLATE "C" AND link.is_alias
        ), fresh AS MATERIALIZED (
            SELECT token, place, sequences, state.next_ordinal + row_number() OVER (ORDER BY place) - 1 AS ordinal
            FROM wanted JOIN gosset.state ON state.id = 0
            WHERE wanted.ordinal IS NULL AND ($4::bigint IS NULL OR state.revision = $4::bigint)
        ), joined AS (
            INSERT INTO gosset.member (ordinal, sequence)
            SELECT ordinal, unnest(string_to_array(sequences, ','))::bigint FROM fresh WHERE sequences <> ''
        ), inserted AS (
            INSERT INTO gosset.device (ordinal, token, first_seen) SELECT ordinal, token, $2::bigint FROM fresh ORDER BY ordinal
        ), advanced AS (
            UPDATE gosset.state SET next_ordinal = next_ordinal + (SELECT count(*) FROM fresh) WHERE id = 0
        )
        SELECT place, ordinal, $2::bigint, true FROM fresh
        UNION ALL
        SELECT place, ordinal, first_seen, false FROM wanted WHERE ordinal IS NOT NULL
        ORDER BY place
        """)
}

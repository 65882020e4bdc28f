import Experiments

extension PostgresSession {
    func records() throws(StoreError) -> RegistryRecords {
        // One snapshot for all of them, so that they belong to the same revision.
        let results = try connection.pipeline([
            (.beginReading, []), (.readRevision, []), (.readExperiments, []), (.readArrangements, []), (.readAccessTokens, []),
            (.commit, []),
        ])
        return try RegistryRecords(revision: results[1], experiments: results[2], arrangements: results[3], accessTokens: results[4])
    }

    func change(_ body: (RegistryRecords, Ordinal) throws -> RecordChanges) throws -> RegistryRecords {
        let results = try connection.pipeline([
            (.begin, []), (.takeTurn, []), (.readExperiments, []), (.readArrangements, []), (.readAccessTokens, []),
        ])
        let latest = try RegistryRecords(
            revision: results[1], experiments: results[2], arrangements: results[3], accessTokens: results[4])
        let changes: RecordChanges
        do {
            changes = try body(latest, Ordinal(results[1].integer(0, 1)))
        } catch {
            try connection.execute("ROLLBACK")
            throw error
        }
        guard !changes.isEmpty else {
            try connection.execute("ROLLBACK")
            return latest
        }
        try write(changes)
        return latest.applying(changes)
    }

    private func write(_ changes: RecordChanges) throws(StoreError) {
        var steps: [(statement: PostgresStatement, values: [PostgresValue])] = []
        for key in changes.removedExperiments { steps.append((.removeExperiment, [.text(key)])) }
        for document in changes.experiments {
            steps.append((.writeExperiment, [.text(document.key), .text(document.json)]))
        }
        for id in changes.removedArrangements { steps.append((.removeArrangement, [.text(id.kind), .text(id.name)])) }
        for document in changes.arrangements {
            steps.append((.writeArrangement, [.text(document.id.kind), .text(document.id.name), .text(document.json)]))
        }
        for token in changes.accessTokens {
            let values: [PostgresValue] = [
                .text(token.name), .text(token.role.rawValue), .bytes(token.hash), .integer(token.created.milliseconds),
                PostgresValue(token.revoked?.milliseconds),
            ]
            steps.append((.writeAccessToken, values))
        }
        for renaming in changes.renamedDevices {
            let values: [PostgresValue] = [
                .integer(Int64(renaming.ordinal)), .text(renaming.to.description), .text(renaming.from.description),
            ]
            steps.append((.renameDevice, values))
        }
        for token in changes.unlinked { steps.append((.unlink, [.text(token.description)])) }
        for forgetting in changes.forgotten {
            let time = forgetting.time.milliseconds
            steps.append((.writeForgetting, [.text(forgetting.fingerprint.unit), .integer(time)]))
            steps.append((.removeForgettings, [.integer(time - Int64(Forgetting.kept / .milliseconds(1)))]))
        }
        for entry in changes.audit {
            let values: [PostgresValue] = [
                .integer(entry.time.milliseconds), .text(entry.actor), .text(entry.action), .text(entry.subject),
                PostgresValue(entry.before), PostgresValue(entry.after),
            ]
            steps.append((.writeAudit, values))
        }
        _ = try connection.pipeline(steps + [(.advanceRevision, []), (.commit, [])])
    }

    func forgettings(after number: Int64, since moment: Timestamp) throws(StoreError) -> [Forgetting] {
        let result = try connection.query(.readForgettings, [.integer(number), .integer(moment.milliseconds)])
        return result.rows.compactMap { row in
            Fingerprint(unit: result.text(row, 1)).map {
                Forgetting(number: result.integer(row, 0), fingerprint: $0, time: Timestamp(milliseconds: result.integer(row, 2)))
            }
        }
    }

    func auditLog(_ query: AuditQuery) throws(StoreError) -> [AuditEntry] {
        var values: [PostgresValue] = [
            .integer(query.before ?? .max), .integer(Int64(query.limit)), query.actions.map { .texts($0.map { Array($0.utf8) }) } ?? .null,
        ]
        if let subject = query.subject { values.append(.text(subject)) }
        let result = try connection.query(query.subject == nil ? .readAudit : .readAuditOfSubject, values)
        return result.rows.map { row in
            AuditEntry(
                id: result.integer(row, 0), time: Timestamp(milliseconds: result.integer(row, 1)), actor: result.text(row, 2),
                action: result.text(row, 3), subject: result.text(row, 4), before: result.optionalText(row, 5),
                after: result.optionalText(row, 6))
        }
    }
}

extension RegistryRecords {
    fileprivate init(
        revision: PostgresResult, experiments: PostgresResult, arrangements: PostgresResult, accessTokens: PostgresResult
    ) throws(StoreError) {
        self.init(revision: UInt64(revision.integer(0, 0)))
        for row in experiments.rows {
            self.experiments.append(ExperimentDocument(key: experiments.text(row, 0), json: experiments.text(row, 1)))
        }
        for row in arrangements.rows {
            let id = ArrangementDocument.ID(kind: arrangements.text(row, 0), name: arrangements.text(row, 1))
            self.arrangements.append(ArrangementDocument(id: id, json: arrangements.text(row, 2)))
        }
        for row in accessTokens.rows {
            let (name, role) = (accessTokens.text(row, 0), accessTokens.text(row, 1))
            guard let role = AccessRole(rawValue: role) else {
                throw StoreError(.corrupt, "The access token '\(name)' has the unknown role '\(role)'")
            }
            self.accessTokens.append(
                AccessTokenRecord(
                    name: name, role: role, hash: Array(accessTokens.bytes(row, 2)),
                    created: Timestamp(milliseconds: accessTokens.integer(row, 3)),
                    revoked: accessTokens.optionalInteger(row, 4).map(Timestamp.init(milliseconds:))))
        }
    }
}

extension PostgresStatement {
    fileprivate static let beginReading = PostgresStatement("begin reading", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    fileprivate static let readRevision = PostgresStatement("read revision", "SELECT revision FROM gosset.state WHERE id = 0")

    fileprivate static let readExperiments = PostgresStatement(
        "read experiments", "SELECT key, document FROM gosset.experiment ORDER BY position")

    fileprivate static let readAccessTokens = PostgresStatement(
        "read access tokens", "SELECT name, role, hash, created, revoked FROM gosset.access_token ORDER BY position")

    fileprivate static let removeExperiment = PostgresStatement(
        "remove experiment", "DELETE FROM gosset.experiment WHERE key = $1::text")

    fileprivate static let writeExperiment = PostgresStatement(
        "write experiment",
        """
        INSERT INTO gosset.experiment (key, document) VALUES ($1::text, $2::json)
        ON CONFLICT (key) DO UPDATE SET document = excluded.document
        """)

    fileprivate static let readArrangements = PostgresStatement(
        "read arrangements", "SELECT kind, name, document FROM gosset.arrangement ORDER BY position")

    fileprivate static let removeArrangement = PostgresStatement(
        "remove arrangement", "DELETE FROM gosset.arrangement WHERE kind = $1::text AND name = $2::text")

    fileprivate static let writeArrangement = PostgresStatement(
        "write arrangement",
        """
        INSERT INTO gosset.arrangement (kind, name, document) VALUES ($1::text, $2::text, $3::json)
        ON CONFLICT (kind, name) DO UPDATE SET document = excluded.document
        """)

    fileprivate static let writeAccessToken = PostgresStatement(
        "write access token",
        """
        INSERT INTO gosset.access_token (name, role, hash, created, revoked)
        VALUES ($1::text, $2::text, $3::bytea, $4::bigint, $5::bigint)
        ON CONFLICT (name) DO UPDATE
        SET role = excluded.role, hash = excluded.hash, created = excluded.created, revoked = excluded.revoked
        """)

    fileprivate static let renameDevice = PostgresStatement(
        "rename device", "UPDATE gosset.device SET token = $2::text WHERE ordinal = $1::bigint AND token = $3::text COLLATE \"C\"")

    fileprivate static let unlink = PostgresStatement("unlink", "DELETE FROM gosset.link WHERE token = $1::text COLLATE \"C\"")

    fileprivate static let writeForgetting = PostgresStatement(
        "write forgetting", "INSERT INTO gosset.forgotten (fingerprint, time) VALUES ($1::text, $2::bigint)")

    fileprivate static let removeForgettings = PostgresStatement(
        "remove forgettings", "DELETE FROM gosset.forgotten WHERE time < $1::bigint")

    fileprivate static let readForgettings = PostgresStatement(
        "read forgettings",
        "SELECT number, fingerprint, time FROM gosset.forgotten WHERE number > $1::bigint AND time >= $2::bigint ORDER BY number")

    fileprivate static let writeAudit = PostgresStatement(
        "write audit",
        """
        INSERT INTO gosset.audit (time, actor, action, subject, before, after)
        VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::json, $6::json)
        """)

    fileprivate static let advanceRevision = PostgresStatement(
        "advance revision", "UPDATE gosset.state SET revision = revision + 1 WHERE id = 0")

    fileprivate static let readAudit = PostgresStatement(
        "read audit",
        """
        SELECT id, time, actor, action, subject, before, after FROM gosset.audit
        WHERE id < $1::bigint AND ($3::text[] IS NULL OR action = ANY ($3::text[])) ORDER BY id DESC LIMIT $2::bigint
        """)

    fileprivate static let readAuditOfSubject = PostgresStatement(
        "read audit of subject",
        """
        SELECT id, time, actor, action, subject, before, after FROM gosset.audit
        WHERE subject = $4::text AND id < $1::bigint AND ($3::text[] IS NULL OR action = ANY ($3::text[])) ORDER BY id DESC LIMIT $2::bigint
        """)
}

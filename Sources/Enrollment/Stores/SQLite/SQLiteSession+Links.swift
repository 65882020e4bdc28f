import Experiments
import SQLite

extension SQLiteSession {
    /// Links devices to persons and syncs the log.
    func link(_ wishes: [LinkWish], joining memberships: Memberships?, at now: Timestamp) throws(StoreError) -> LinkedBatch {
        let revision = records().revision
        if let memberships, memberships.revision != revision { return .stale(revision: revision) }
        // Nobody else writes, so it may be decided before the transaction begins.
        var found: [Link] = []
        for token in Set(wishes.map(\.token)) { found += try links(.of(token)) }
        let ofPerson = try connection.prepare(
            "SELECT number, token, person, time, ordinal, first_seen, is_alias FROM link WHERE person = ? ORDER BY number LIMIT 1")
        for person in Set(wishes.map(\.person)) { found += try read(ofPerson, [.text(person.text)]) }
        var linking = Linking(devices: wishes.devices, links: found, nextOrdinal: nextOrdinal, lastNumber: lastLink, now: now)
        let outcomes = linking.link(wishes, joining: memberships)
        if !linking.added.isEmpty { try write(linking) }
        return LinkedBatch(linking, outcomes, revision: revision)
    }

    private func write(_ linking: Linking) throws(StoreError) {
        let insert = try connection.prepare(
            "INSERT INTO link (number, token, person, time, ordinal, first_seen, is_alias) VALUES (?, ?, ?, ?, ?, ?, ?)")
        try connection.execute("BEGIN IMMEDIATE")
        for (token, device, sequences) in linking.enrolled {
            try insertDevice.run(Int64(device.ordinal), ascii: token.bytes, device.firstSeen.milliseconds)
            for sequence in sequences { try insertMember.run(.integer(Int64(device.ordinal)), .integer(Int64(sequence))) }
        }
        for link in linking.added {
            try insert.run(
                .integer(link.number), .text(link.token.description), .text(link.person.text), .integer(link.time.milliseconds),
                .integer(Int64(link.device.ordinal)), .integer(link.device.firstSeen.milliseconds), .integer(link.isAlias ? 1 : 0))
        }
        try connection.execute("COMMIT")
        nextOrdinal = linking.fresh.upperBound
        lastLink += Int64(linking.added.count)
    }

    func links(_ query: LinkQuery) throws(StoreError) -> [Link] {
        switch query {
        case .of(let token):
            let statement = try connection.prepare(
                "SELECT number, token, person, time, ordinal, first_seen, is_alias FROM link WHERE token = ?")
            return try read(statement, [.text(token.description)])
        case .ofPerson(let person):
            let statement = try connection.prepare(
                "SELECT number, token, person, time, ordinal, first_seen, is_alias FROM link WHERE person = ? ORDER BY number")
            return try read(statement, [.text(person.text)])
        case .after(let number, let limit):
            let statement = try connection.prepare(
                """
                SELECT number, token, person, time, ordinal, first_seen, is_alias FROM link WHERE number > ? ORDER BY number LIMIT ?
                """)
            return try read(statement, [.integer(number), .integer(Int64(limit))])
        }
    }

    private func read(_ statement: Connection<StoreError>.Statement, _ values: [Value]) throws(StoreError) -> [Link] {
        var links: [Link] = []
        try statement.rows(values) { row throws(StoreError) in
            links.append(
                try Link(
                    number: row.integer(0), token: row.text(1), person: row.text(2), time: row.integer(3), ordinal: row.integer(4),
                    firstSeen: row.integer(5), isAlias: row.integer(6) == 1))
        }
        return links
    }
}

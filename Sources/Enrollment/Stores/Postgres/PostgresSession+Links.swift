import Experiments

extension PostgresSession {
    /// Three round trips that hold the turn: what is known is asked, the rest is decided here, and written.
    func link(_ wishes: [LinkWish], joining memberships: Memberships?, at now: Timestamp) throws(StoreError) -> LinkedBatch {
        let tokens = Array(Set(wishes.map(\.token)))
        let persons = Array(Set(wishes.map(\.person)))
        let results = try connection.pipeline([
            (.begin, []), (.takeTurn, []), (.readLastLink, []), (.findDevices, [.texts(tokens.map(\.bytes))]),
            (.findLinks, [.texts(tokens.map(\.bytes)), .texts(persons.map { Array($0.text.utf8) })]),
        ])
        let (turn, known) = (results[1], results[3])
        let revision = UInt64(turn.integer(0, 0))
        if let memberships, memberships.revision != revision {
            try connection.execute("ROLLBACK")
            return .stale(revision: revision)
        }
        var devices: [DeviceToken: Device] = [:]
        for row in known.rows { devices[tokens[Int(known.integer(row, 0)) - 1]] = known.device(row, ordinal: 1, firstSeen: 2) }
        var linking = Linking(
            devices: devices, links: try results[4].links(), nextOrdinal: Ordinal(turn.integer(0, 1)),
            lastNumber: results[2].integer(0, 0), now: now)
        let outcomes = linking.link(wishes, joining: memberships)
        try write(linking)
        return LinkedBatch(linking, outcomes, revision: revision)
    }

    private func write(_ linking: Linking) throws(StoreError) {
        var steps: [(statement: PostgresStatement, values: [PostgresValue])] = linking.enrolled.map { token, device, _ in
            (.insertDevice, [.integer(Int64(device.ordinal)), .text(token.description), .integer(device.firstSeen.milliseconds)])
        }
        for (_, device, sequences) in linking.enrolled {
            for sequence in sequences { steps.append((.insertMember, [.integer(Int64(device.ordinal)), .integer(Int64(sequence))])) }
        }
        for link in linking.added {
            let values: [PostgresValue] = [
                .integer(link.number), .text(link.token.description), .text(link.person.text), .integer(link.time.milliseconds),
                .integer(Int64(link.device.ordinal)), .integer(link.device.firstSeen.milliseconds), .integer(link.isAlias ? 1 : 0),
            ]
            steps.append((.insertLink, values))
        }
        if let last = linking.added.last {
            steps.append((.advanceLinks, [.integer(Int64(linking.fresh.upperBound)), .integer(last.number)]))
        }
        _ = try connection.pipeline(steps + [(.commit, [])])
    }

    func links(_ query: LinkQuery) throws(StoreError) -> [Link] {
        switch query {
        case .of(let token): try connection.query(.readLink, [.text(token.description)]).links()
        case .ofPerson(let person): try connection.query(.readLinksOfPerson, [.text(person.text)]).links()
        case .after(let number, let limit):
            try connection.query(.readLinks, [.integer(number), .integer(Int64(limit))]).links()
        }
    }
}

extension PostgresResult {
    fileprivate func links() throws(StoreError) -> [Link] {
        var links: [Link] = []
        for row in rows {
            links.append(
                try Link(
                    number: integer(row, 0), token: text(row, 1), person: text(row, 2), time: integer(row, 3), ordinal: integer(row, 4),
                    firstSeen: integer(row, 5), isAlias: boolean(row, 6)))
        }
        return links
    }
}

extension PostgresStatement {
    fileprivate static let readLastLink = PostgresStatement("read last link", "SELECT last_link FROM gosset.state WHERE id = 0")

    /// Those of the tokens, and the first of each person.
    fileprivate static let findLinks = PostgresStatement(
        "find links",
        """
        SELECT link.number, link.token, link.person, link.time, link.ordinal, link.first_seen, link.is_alias
        FROM unnest($1::text[]) AS wanted (token) JOIN gosset.link ON link.token = wanted.token COLLATE "C"
        UNION
        SELECT first.number, first.token, first.person, first.time, first.ordinal, first.first_seen, first.is_alias
        FROM unnest($2::text[]) AS wanted (person) CROSS JOIN LATERAL (
            SELECT * FROM gosset.link WHERE link.person = wanted.person COLLATE "C" ORDER BY number LIMIT 1
        ) AS first
        """)

    fileprivate static let insertDevice = PostgresStatement(
        "insert device", "INSERT INTO gosset.device (ordinal, token, first_seen) VALUES ($1::bigint, $2::text, $3::bigint)")

    fileprivate static let insertMember = PostgresStatement(
        "insert member", "INSERT INTO gosset.member (ordinal, sequence) VALUES ($1::bigint, $2::bigint)")

    fileprivate static let insertLink = PostgresStatement(
        "insert link",
        """
        INSERT INTO gosset.link (number, token, person, time, ordinal, first_seen, is_alias)
        VALUES ($1::bigint, $2::text, $3::text, $4::bigint, $5::bigint, $6::bigint, $7::bigint = 1)
        """)

    fileprivate static let advanceLinks = PostgresStatement(
        "advance links", "UPDATE gosset.state SET next_ordinal = $1::bigint, last_link = $2::bigint WHERE id = 0")

    fileprivate static let readLink = PostgresStatement(
        "read link",
        "SELECT number, token, person, time, ordinal, first_seen, is_alias FROM gosset.link WHERE token = $1::text COLLATE \"C\"")

    fileprivate static let readLinksOfPerson = PostgresStatement(
        "read links of person",
        """
        SELECT number, token, person, time, ordinal, first_seen, is_alias FROM gosset.link
        WHERE person = $1::text COLLATE "C" ORDER BY number
        """)

    fileprivate static let readLinks = PostgresStatement(
        "read links",
        """
        SELECT number, token, person, time, ordinal, first_seen, is_alias FROM gosset.link
        WHERE number > $1::bigint ORDER BY number LIMIT $2::bigint
        """)
}

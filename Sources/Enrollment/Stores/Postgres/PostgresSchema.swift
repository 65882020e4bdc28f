import Experiments

/// The tables of a registry in PostgreSQL, and the way there from every version that was ever released.
enum PostgresSchema {
    /// Each step leads from its index to the next version, and is never changed once released.
    private static let migrations: [StaticString] = [
        """
        CREATE TABLE gosset.setting (name text PRIMARY KEY, value text NOT NULL);

        -- The one row that every enrollment locks; half of its page is left free, so that an update need not touch the index.
        CREATE TABLE gosset.state (
            id int PRIMARY KEY CHECK (id = 0),
            next_ordinal bigint NOT NULL CHECK (next_ordinal >= 0),
            revision bigint NOT NULL CHECK (revision >= 0),
            opened bigint NOT NULL
        ) WITH (fillfactor = 50);
        INSERT INTO gosset.state VALUES (0, 0, 0, 0);

        CREATE TABLE gosset.device (
            ordinal bigint PRIMARY KEY CHECK (ordinal >= 0),
            token text COLLATE "C" NOT NULL UNIQUE,
            first_seen bigint NOT NULL
        );

        CREATE TABLE gosset.experiment (
            position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            key text NOT NULL UNIQUE,
            document json NOT NULL
        );

        CREATE TABLE gosset.access_token (
            position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL UNIQUE,
            role text NOT NULL,
            hash bytea NOT NULL,
            created bigint NOT NULL,
            revoked bigint
        );

        CREATE TABLE gosset.audit (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            time bigint NOT NULL,
            actor text NOT NULL,
            action text NOT NULL,
            subject text NOT NULL,
            before json,
            after json
        );
        CREATE INDEX audit_by_subject ON gosset.audit (subject, id);
        """,
        """
        -- Whose a device is. A person has one device, the first that was linked to them, in all their links; a token that is an alias is
        -- answered as it, and has no row among the devices.
        CREATE TABLE gosset.link (
            number bigint PRIMARY KEY CHECK (number > 0),
            token text COLLATE "C" NOT NULL UNIQUE,
            person text COLLATE "C" NOT NULL,
            time bigint NOT NULL,
            ordinal bigint NOT NULL CHECK (ordinal >= 0),
            first_seen bigint NOT NULL,
            is_alias boolean NOT NULL
        );
        CREATE INDEX link_by_person ON gosset.link (person, number);
        -- The number of the link that was stored last, guarded by the same lock as the ordinals.
        ALTER TABLE gosset.state ADD COLUMN last_link bigint NOT NULL DEFAULT 0;
        """,
        """
        -- Layers and holdouts.
        CREATE TABLE gosset.arrangement (
            position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind text NOT NULL,
            name text NOT NULL,
            document json NOT NULL,
            UNIQUE (kind, name)
        );

        -- Which devices the targeted experiments are for, by what was known at their first contact.
        CREATE TABLE gosset.member (ordinal bigint, sequence bigint, PRIMARY KEY (ordinal, sequence));
        """,
        """
        -- Holdouts may have been released, of which earlier programs know nothing: they must not open the registry.
        COMMENT ON TABLE gosset.arrangement IS 'Layers and holdouts, which may have been released';
        """,
        """
        -- Units and persons that were forgotten, as the registry's key writes them: every server lets go of what waits with it.
        CREATE TABLE gosset.forgotten (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            fingerprint text NOT NULL,
            time bigint NOT NULL
        );
        """,
    ]

    private static let takeTurn = PostgresStatement("take turn", "SELECT pg_advisory_xact_lock(8244230908911841140)")
    private static let readVersion = PostgresStatement("read version", "SELECT version::bigint FROM gosset.schema_version")
    private static let writeVersion = PostgresStatement("write version", "UPDATE gosset.schema_version SET version = $1::bigint")

    /// Brings a database up to date.
    ///
    /// Servers that start together take turns.
    static func migrate(_ connection: PostgresConnection) throws(StoreError) {
        try connection.execute("BEGIN")
        _ = try connection.query(takeTurn)
        try connection.execute(
            """
            CREATE SCHEMA IF NOT EXISTS gosset;
            CREATE TABLE IF NOT EXISTS gosset.schema_version (version bigint NOT NULL);
            INSERT INTO gosset.schema_version SELECT 0 WHERE NOT EXISTS (SELECT FROM gosset.schema_version);
            """)
        let version = try connection.query(readVersion).integer(0, 0)
        guard version <= migrations.count else {
            throw StoreError(
                .newerSchema,
                "The registry has schema version \(version), and this version of Gosset knows versions up to \(migrations.count); "
                    + "use the newer Gosset that wrote it")
        }
        for migration in migrations.dropFirst(Int(version)) { try connection.execute(migration) }
        _ = try connection.query(writeVersion, [.integer(Int64(migrations.count))])
        try connection.execute("COMMIT")
    }
}

import SQLite

/// The tables of a registry in SQLite, and the way there from every version that was ever released.
enum SQLiteSchema {
    /// `Gsst`: tells `file` and us whose database this is.
    static let applicationID: Int64 = 0x4773_7374

    /// Each step leads from its index to the next version, and is never changed once released.
    static let migrations: [StaticString] = [
        """
        PRAGMA application_id = 0x47737374;

        CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE state (
            id INTEGER PRIMARY KEY CHECK (id = 0),
            revision INTEGER NOT NULL CHECK (revision >= 0),
            opened INTEGER NOT NULL
        ) STRICT;
        INSERT INTO state VALUES (0, 0, 0);

        -- No index on the token: the one process that may write knows every token by its fingerprint, and checks them when it loads.
        CREATE TABLE device (
            ordinal INTEGER PRIMARY KEY CHECK (ordinal >= 0),
            token TEXT NOT NULL,
            first_seen INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE experiment (position INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, document TEXT NOT NULL) STRICT;

        CREATE TABLE access_token (
            position INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            hash BLOB NOT NULL,
            created INTEGER NOT NULL,
            revoked INTEGER
        ) STRICT;

        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            before TEXT,
            after TEXT
        ) STRICT;
        CREATE INDEX audit_by_subject ON audit (subject, id);

        PRAGMA user_version = 1;
        """,
        """
        -- Whose a device is. A person has one device, the first that was linked to them, in all their links; a token that is an alias is
        -- answered as it, and has no row among the devices.
        CREATE TABLE link (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            token TEXT NOT NULL UNIQUE,
            person TEXT NOT NULL,
            time INTEGER NOT NULL,
            ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
            first_seen INTEGER NOT NULL,
            is_alias INTEGER NOT NULL CHECK (is_alias IN (0, 1))
        ) STRICT;
        CREATE INDEX link_by_person ON link (person);

        PRAGMA user_version = 2;
        """,
        """
        -- Layers and holdouts.
        CREATE TABLE arrangement (
            position INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            document TEXT NOT NULL,
            UNIQUE (kind, name)
        ) STRICT;

        -- Which devices the targeted experiments are for, by what was known at their first contact.
        CREATE TABLE member (
            ordinal INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (ordinal, sequence)
        ) STRICT, WITHOUT ROWID;

        PRAGMA user_version = 3;
        """,
        """
        -- Holdouts may have been released, of which earlier programs know nothing: they must not open the registry.
        PRAGMA user_version = 4;
        """,
    ]

    /// Brings a database up to date, each step in a transaction of its own.
    static func migrate(_ connection: Connection<StoreError>) throws(StoreError) {
        let application = try connection.prepare("PRAGMA application_id").integer() ?? 0
        let version = try connection.prepare("PRAGMA user_version").integer() ?? 0
        guard application == applicationID || (application == 0 && version == 0) else {
            throw StoreError(.rejected, "The file is a database, but not a registry of Gosset")
        }
        guard version <= migrations.count else {
            throw StoreError(
                .newerSchema,
                "The registry has schema version \(version), and this version of Gosset knows versions up to \(migrations.count); "
                    + "use the newer Gosset that wrote it")
        }
        for migration in migrations.dropFirst(Int(version)) {
            try connection.execute("BEGIN IMMEDIATE")
            try connection.execute(migration)
            try connection.execute("COMMIT")
        }
    }
}

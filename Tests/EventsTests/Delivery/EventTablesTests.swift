import EnrollmentTesting
import Events
import Experiments
import Foundation
import Testing
import Warehouse
import WarehouseTesting

// The same in every warehouse; one after the other, for there is one ClickHouse, and one in this process.
@Suite(.serialized) struct EventTablesTests {
    enum Place: String, CaseIterable, Sendable {
        case duckDB, postgreSQL, clickHouse, chDB

        func connect() async throws -> any Warehouse {
            switch self {
            case .duckDB: return try await TestWarehouses.connect("duckdb:")
            case .postgreSQL: return try await TestWarehouses.connect(try PostgresTestServer.shared.get().makeDatabase())
            case .chDB, .clickHouse:
                let address = self == .chDB ? "chdb:" : try await ClickHouseTestCluster.shared.value.address
                let warehouse = try await TestWarehouses.connect(address)
                for table in ["gosset_events", "gosset_exposures", "gosset_links", "gosset_deliveries"] {
                    try await warehouse.execute("DROP TABLE IF EXISTS \(table: table)")
                }
                return warehouse
            }
        }
    }

    private func ids(_ warehouse: any Warehouse) async throws -> [String] {
        try await warehouse.query("SELECT id AS i FROM gosset_events ORDER BY id").texts("i").map { $0 ?? "" }
    }

    @Test(arguments: Place.allCases) func `An event is there once, however often it is delivered`(_ place: Place) async throws {
        let warehouse = try await place.connect()
        let tables = EventTables(warehouse)
        try await tables.prepare()
        try await tables.prepare()
        #expect(try await tables.position(of: "a") == 0)
        #expect(try await tables.deliver([.numbered(1), .numbered(2), .numbered(1)], source: "a", through: 3) == 2)
        #expect(try await tables.position(of: "a") == 3)
        #expect(try await tables.deliver([.numbered(2), .numbered(3)], source: "a", through: 5) == 1)
        #expect(try await tables.deliver([.numbered(3)], source: "a", through: 6) == 0)
        #expect(try await ids(warehouse) == ["event-1", "event-2", "event-3"])
        #expect(try await tables.position(of: "a") == 6)
        #expect(try await tables.position(of: "b") == 0)
        // The same id of another unit is another event.
        #expect(try await tables.deliver([.numbered(1, unit: "other")], source: "b", through: 1) == 1)
    }

    @Test(arguments: Place.allCases) func `Everything that an event says arrives as it was said`(_ place: Place) async throws {
        let warehouse = try await place.connect()
        let tables = EventTables(warehouse)
        try await tables.prepare()
        let text = #"$rows$ '; DROP TABLE gosset_events; -- \' \\ "\#u{1F600} é $1 ? :x {y}"#
        let properties = #"{"a":"\$rows$'\\\"","b":[1,{"c":null}]}"#
        let time = Timestamp(milliseconds: 1_700_000_000_250)
        let event = Event(
            id: "it's-\"1\"", unit: text, fact: "buy", value: -1.5e-7, time: time, received: .noon, claimed: .noon, properties: properties)
        let plain = Event(id: "2", unit: "u", fact: "buy", time: .noon, received: .noon)
        #expect(try await tables.deliver([event, plain], source: "a", through: 2) == 2)
        let found = try await warehouse.query(
            """
            SELECT id AS i, unit AS u, fact AS f, value AS v, \(warehouse.dialect.asSeconds("time")) AS t,
            \(warehouse.dialect.asSeconds("received")) AS r, properties AS p FROM gosset_events ORDER BY fact, key = 0, value
            """)
        let row = try #require(try found.texts("i").firstIndex(of: event.id))
        #expect(try found.texts("u")[row] == text)
        #expect(try found.numbers("v")[row] == -1.5e-7)
        #expect(try found.numbers("t")[row] == (warehouse.dialect == .clickHouse ? 1_700_000_000 : 1_700_000_000.25))
        #expect(try found.numbers("r")[row] == 1_800_000_000)
        #expect(try found.texts("p")[row] == properties)
        #expect(try found.numbers("v")[1 - row] == nil)
        #expect(try found.texts("p")[1 - row] == nil)
    }

    @Test(arguments: Place.allCases) func `Exposures and what is deleted`(_ place: Place) async throws {
        let warehouse = try await place.connect()
        let tables = EventTables(warehouse)
        try await tables.prepare()
        let exposures = (0..<4).map {
            Exposure(
                ordinal: Ordinal($0), unit: "unit-\($0 % 2)", experiment: "e-\($0)", variant: "it's", firstSeen: .noon, epoch: 1,
                block: UInt64($0 / 2))
        }
        try await tables.deliver(exposures, source: "x", through: 4)
        let old = Event(id: "9", unit: "unit-1", fact: "f", time: .noon, received: Timestamp(milliseconds: 1_700_000_000_000))
        _ = try await tables.deliver([.numbered(1, unit: "unit-0"), .numbered(2, unit: "unit-1"), old], source: "y", through: 2)
        try await tables.erase(units: ["unit-0"])
        try await eventually { try await tables.areErased() }
        #expect(try await ids(warehouse) == ["9", "event-2"])
        #expect(try await warehouse.query("SELECT ordinal AS o FROM gosset_exposures ORDER BY ordinal").counts("o") == [1, 3])
        try await tables.expire(before: .noon)
        try await eventually { try await ids(warehouse) == ["event-2"] }
    }

    @Test func `Sums over events that somebody kept go when a unit is deleted, and when a server connects`() async throws {
        let warehouse = try await TestWarehouses.connect("duckdb:")
        let tables = EventTables(warehouse)
        try await tables.prepare()
        for forget in [{ try await tables.erase(units: ["unit-0"]) }, { try await tables.prepare() }] {
            for name in ["", "_1"] {
                try await warehouse.execute("CREATE TABLE \(column: EventTables.keptSums + "7Ab" + name) AS SELECT 'unit-0' AS g_unit")
            }
            try await forget()
            let left = try await warehouse.query(
                "SELECT count(*) AS n FROM duckdb_tables() WHERE starts_with(table_name, 'gosset_settled')")
            #expect(try left.counts("n") == [0])
        }
    }

    @Test(arguments: Place.allCases) func `Links arrive as they are, and go with their unit`(_ place: Place) async throws {
        let warehouse = try await place.connect()
        let tables = EventTables(warehouse)
        try await tables.prepare()
        let persons = ["it's $rows$", "bob", "bob", "cy"]
        let links = persons.enumerated().map { UnitLink(number: Int64($0 + 1), unit: "unit-\($0)", person: $1, time: .noon) }
        try await tables.deliver(Array(links.prefix(2)), source: "links/x", through: 2)
        try await tables.deliver(Array(links.dropFirst(2)), source: "links/x", through: 4)
        #expect(try await tables.position(of: "links/x") == 4)
        let found = try await warehouse.query(
            "SELECT unit AS u, person AS p, \(warehouse.dialect.asSeconds("time")) AS t FROM gosset_links ORDER BY number")
        #expect(try found.texts("u") == ["unit-0", "unit-1", "unit-2", "unit-3"])
        #expect(try found.texts("p") == persons)
        #expect(try found.numbers("t").allSatisfy { $0 == 1_800_000_000 })
        // What was told under a person's own id goes; whose their devices are is still so in the registry.
        try await tables.erase(units: ["bob"])
        try await tables.erase(units: ["unit-3"])
        try await eventually {
            try await warehouse.query("SELECT unit AS u FROM gosset_links ORDER BY number").texts("u") == ["unit-0", "unit-1", "unit-2"]
        }
    }

    // Ann has a phone and a laptop, Bob one device; one is nobody's, and one is nobody's that calls itself as Ann is called.
    @Test(arguments: Place.allCases) func `A person arrives once, with their first unit, and no device arrives by a person's name`(
        _ place: Place
    ) async throws {
        let warehouse = try await place.connect()
        let tables = EventTables(warehouse)
        try await tables.prepare()
        let dealt = [("ann", "b"), ("ann-phone", "a"), ("ann-laptop", "b"), ("lone", "b"), ("bob-1", "a")]
        let exposures = dealt.enumerated().map { ordinal, unit in
            Exposure(
                ordinal: Ordinal(ordinal), unit: unit.0, experiment: "e", variant: unit.1, firstSeen: .noon, epoch: 1,
                block: UInt64(ordinal))
        }
        try await tables.deliver(exposures, source: "x", through: 5)
        let links = [("ann-phone", "ann"), ("ann-laptop", "ann"), ("bob-1", "bob")].enumerated().map { number, link in
            UnitLink(number: Int64(number + 1), unit: link.0, person: link.1, time: .noon)
        }
        try await tables.deliver(links, source: "links/x", through: 3)
        _ = try await tables.deliver([.numbered(1, unit: "ann"), .numbered(2, unit: "lone")], source: "y", through: 2)
        let key = try ExperimentKey("e")
        func units(_ arrivals: [Arrivals]) -> [String: Int] { arrivals.reduce(into: [:]) { $0[$1.variant, default: 0] += $1.units } }
        #expect(try await units(tables.arrivals(ofPersonsIn: key)) == ["a": 2, "b": 1])
        #expect(try await units(tables.arrivals(ofPersonsIn: key, active: "visit")) == ["a": 1, "b": 1])
        #expect(try await units(tables.arrivals(ofPersonsIn: key, excluding: [3])) == ["a": 2])
        #expect(try await tables.exposures(ofPersonsIn: key, since: .noon) == 3)
    }

    // The tables as a build before version 2 of the layout made them, with something in each.
    private func makeEarlierTables(_ warehouse: any Warehouse) async throws {
        let (text, number, time, engine): (SQL, SQL, SQL, SQL) =
            switch warehouse.dialect {
            case .clickHouse: ("String", "Int64", "DateTime", " ENGINE = ReplacingMergeTree() ORDER BY (experiment, ordinal)")
            case .postgreSQL: ("text NOT NULL", "bigint NOT NULL", "timestamp NOT NULL", "")
            case .duckDB, .standard: ("VARCHAR NOT NULL", "BIGINT NOT NULL", "TIMESTAMP NOT NULL", "")
            }
        try await EventTables(warehouse).prepare()
        _ = try await EventTables(warehouse).deliver([.numbered(1), .numbered(2)], source: "events/s", through: 7)
        try await EventTables(warehouse).deliver(
            [UnitLink(number: 3, unit: "unit-0", person: "ann", time: .noon)], source: "links/r", through: 3)
        for table in ["gosset_exposures", "gosset_deliveries"] { try await warehouse.execute("DROP TABLE \(table: table)") }
        try await warehouse.execute(
            """
            CREATE TABLE gosset_exposures (ordinal \(number), unit \(text), experiment \(text), variant \(text), time \(time))\(engine)
            """)
        let deliveries: SQL = warehouse.dialect == .clickHouse ? " ENGINE = ReplacingMergeTree() ORDER BY (source, position)" : ""
        try await warehouse.execute("CREATE TABLE gosset_deliveries (source \(text), position \(number))\(deliveries)")
        let moment: SQL = "'2024-01-01 00:00:00'"
        for ordinal in 0..<2 {
            try await warehouse.execute(
                """
                INSERT INTO gosset_exposures (ordinal, unit, experiment, variant, time)
                VALUES (\(value: ordinal), 'unit', 'e', 'v', \(moment))
                """)
        }
        for (source, position) in [("events/s", 7), ("links/r", 3), ("exposures/r", 2)] {
            try await warehouse.execute(
                "INSERT INTO gosset_deliveries (source, position) VALUES (\(value: source), \(value: position))")
        }
    }

    @Test(arguments: Place.allCases) func `A warehouse of an earlier build gets its exposures once more, with their blocks`(
        _ place: Place
    ) async throws {
        let warehouse = try await place.connect()
        try await makeEarlierTables(warehouse)
        let tables = EventTables(warehouse)
        for round in 0..<2 {
            try await tables.prepare()
            #expect(try await ids(warehouse) == ["event-1", "event-2"])
            #expect(try await warehouse.query("SELECT unit AS u FROM gosset_links").texts("u") == ["unit-0"])
            #expect(try await tables.position(of: "exposures/r") == (round == 0 ? 0 : 2), "a second time nothing is to be done")
            #expect(try await tables.position(of: "layout") == EventTables.layout)
            // Without transactions, how far the others came is not kept; what comes again replaces itself.
            if place != .clickHouse, place != .chDB {
                #expect(try await tables.position(of: "events/s") == 7)
                #expect(try await tables.position(of: "links/r") == 3)
            }
            if round == 0 {
                let exposures = (0..<2).map {
                    Exposure(
                        ordinal: Ordinal($0), unit: "unit", experiment: "e", variant: "v", firstSeen: .noon, epoch: 1, block: UInt64(8 + $0)
                    )
                }
                try await tables.deliver(exposures, source: "exposures/r", through: 2)
            }
            let found = try await warehouse.query("SELECT epoch AS e, block AS b FROM gosset_exposures ORDER BY ordinal")
            #expect(try found.counts("e") == [1, 1])
            #expect(try found.counts("b") == [8, 9])
        }
    }

    @Test(arguments: Place.allCases) func `A warehouse of a later build is left alone`(_ place: Place) async throws {
        let warehouse = try await place.connect()
        try await EventTables(warehouse).prepare()
        let later = Int(EventTables.layout) + 1
        try await warehouse.execute("INSERT INTO gosset_deliveries (source, position) VALUES ('layout', \(value: later))")
        await #expect { try await EventTables(warehouse).prepare() } throws: { "\($0)".contains("newer Gosset (layout \(later)") }
    }

    // ClickHouse deletes when it comes to it.
    private func eventually(_ isSo: () async throws -> Bool) async throws {
        for _ in 0..<500 {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("it never came to be")
    }
}

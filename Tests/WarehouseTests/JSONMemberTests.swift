import EnrollmentTesting
import Testing
import Warehouse
import WarehouseTesting

// Members of JSON objects, the same in every database; what events may hold, and what somebody might write to do harm.
@Suite(.serialized) struct JSONMemberTests {
    enum Place: String, CaseIterable, Sendable {
        case duckDB, postgreSQL, clickHouse, chDB

        func connect() async throws -> any Warehouse {
            switch self {
            case .duckDB: try await TestWarehouses.connect("duckdb:")
            case .postgreSQL: try await TestWarehouses.connect(try PostgresTestServer.shared.get().makeDatabase())
            case .clickHouse: try await TestWarehouses.connect(try await ClickHouseTestCluster.shared.value.address)
            case .chDB: try await TestWarehouses.connect("chdb:")
            }
        }
    }

    private static let cases: [(json: String?, text: String?, number: Double?)] = [
        (nil, nil, nil), ("{}", nil, nil), (#"{"plan":"yearly","n":3}"#, "yearly", nil), (#"{"plan":5}"#, "5", 5),
        (#"{"plan":-1.5}"#, "-1.5", -1.5), (#"{"plan":"5"}"#, "5", nil), (#"{"plan":true}"#, "true", nil), (#"{"plan":null}"#, nil, nil),
        (#"{"plan":"{yearly"}"#, "{yearly", nil), (#"{"plan":"[1]"}"#, "[1]", nil), (#"{"plan":"null"}"#, "null", nil),
        (#"{"plan":{"plan":"no"}}"#, nil, nil), (#"{"plan":["no"]}"#, nil, nil), (#"{"plan":""}"#, "", nil),
        (#"{"x":{"plan":"no","y":[{"plan":2},"}"]}, "plan" : "z" }"#, "z", nil),
        (#"{"a":"\",\"plan\":\"evil","plan":"ok"}"#, "ok", nil), (#"{"plan":"é \"q\" \\ \/ \ud83d\ude00 '"}"#, "é \"q\" \\ / 😀 '", nil),
        (#"{"Plan":"no","plans":"no","pl.n":"no"}"#, nil, nil), ("{ \"plan\"\n:\t7 }", "7", 7),
    ]

    @Test(arguments: Place.allCases) func `A member is a text, a number, or not there`(_ place: Place) async throws {
        let warehouse = try await place.connect()
        let dialect = warehouse.dialect
        for (json, text, number) in Self.cases {
            let object: SQL = json.map { "\(value: $0)" } ?? dialect.missingText
            let nullable: SQL = dialect == .clickHouse ? "toNullable(\(object))" : object
            let found = try await warehouse.query(
                """
                SELECT \(dialect.text(ofMember: "plan", in: "j")) AS t, \(dialect.number(ofMember: "plan", in: "j")) AS n
                FROM (SELECT \(nullable) AS j) AS g_row
                """)
            #expect(try found.texts("t") == [text], "\(json ?? "nothing")")
            #expect(try found.numbers("n") == [number], "\(json ?? "nothing")")
        }
    }

    @Test(arguments: Place.allCases) func `Numbers that no double holds break nothing`(_ place: Place) async throws {
        let warehouse = try await place.connect()
        for number in ["1e999", "-1e999", "1e-999", String(repeating: "9", count: 500), "0." + String(repeating: "0", count: 500) + "1"] {
            let object: SQL = "\(value: #"{"n":\#(number)}"#)"
            let found = try await warehouse.query(
                "SELECT \(warehouse.dialect.number(ofMember: "n", in: "j")) AS n FROM (SELECT \(object) AS j) AS g_row")
            let value = try found.numbers("n").first ?? nil
            #expect(value == nil || value?.isFinite == false || abs(value ?? 1) < 1e-300, "\(number)")
        }
    }

    @Test(arguments: Place.allCases) func `A number is one however its exponent is written`(_ place: Place) async throws {
        let warehouse = try await place.connect()
        for (text, value) in [("1.5e+005", 150_000.0), ("25e-0002", 0.25), ("1E2", 100), ("1e099", 1e99)] {
            let object: SQL = "\(value: #"{"n":\#(text)}"#)"
            let found = try await warehouse.query(
                "SELECT \(warehouse.dialect.number(ofMember: "n", in: "j")) AS n FROM (SELECT \(object) AS j) AS g_row")
            #expect(try found.numbers("n") == [value], "\(text)")
        }
    }

    // As JSON may write them, as clients do; and what is a number to some, but none to JSON.
    private static let numbers: [(json: String, number: Double?)] =
        [
            ("5", 5), ("-1.50", -1.5), ("1.0", 1), ("-0", 0), ("0.0", 0), ("1.9027", 1.9027), ("22.6974", 22.6974), ("1e5", 1e5),
            ("1E+05", 1e5), ("1e00005", 1e5), ("25e-4", 0.0025), ("123456789.123456789", 123456789.123456789),
            ("9007199254740993", 9007199254740992), ("12345678901234567890123", 1.2345678901234568e22), ("1e150", 1e150),
            ("-1e-150", -1e-150), ("1e400", .infinity), ("-1e400", -.infinity), ("1e-400", 0), ("0e99999", 0), ("1e99999", .infinity),
            ("1e-99999", 0), ("1" + String(repeating: "0", count: 300), 1e300), (String(repeating: "1", count: 400), .infinity),
            ("0." + String(repeating: "0", count: 400) + "1", 0), ("3." + String(repeating: "1", count: 100), 3.1111111111111111),
            ("true", nil),
        ] + words.map { ("\"\($0)\"", nil) }
    private static let words = [
        "5", "1.50", "-0", "0", "1e5", "12abc", " 5 ", "0x10", "1_000", "١٢", "Infinity", "nan", "+5", "5.", ".5", "", "1e400", "true",
    ]

    @Test(arguments: Place.allCases) func `A number is what JSON calls one, and its text is as it was written`(_ place: Place) async throws
    {
        let warehouse = try await place.connect()
        let dialect = warehouse.dialect
        let rows = Self.numbers.enumerated().map { number, row in
            "SELECT \(value: number) AS i, \(value: "{\"a\":[1.50,{\"n\":2}],\"n\":\(row.json)}") AS j" as SQL
        }
        let found = try await warehouse.query(
            """
            SELECT i, \(dialect.text(ofMember: "n", in: "j")) AS t, \(dialect.number(ofMember: "n", in: "j")) AS n
            FROM (\(rows.joined(" UNION ALL "))) AS g_rows ORDER BY i
            """)
        let (texts, numbers) = (try found.texts("t"), try found.numbers("n"))
        try #require(texts.count == Self.numbers.count)
        for (row, (json, number)) in Self.numbers.enumerated() {
            #expect(texts[row] == json.replacing("\"", with: ""), "\(json)")
            #expect(numbers[row] == number, "\(json)")
        }
    }

    @Test(arguments: Place.allCases) func `Any name is a name`(_ place: Place) async throws {
        let warehouse = try await place.connect()
        for name in ["a b", "a.b", "a/b", "a~b", "it's", "$", "[0]", "a*", "été", "0", "x|y", "(z)"] {
            let object: SQL = "\(value: #"{"other":1,"\#(name)":"found"}"#)"
            let found = try await warehouse.query(
                "SELECT \(warehouse.dialect.text(ofMember: name, in: "j")) AS t FROM (SELECT \(object) AS j) AS g_row")
            #expect(try found.texts("t") == ["found"], "\(name)")
        }
    }

    // Names as they are, and as clients may write them: many write all that is not ASCII as escapes.
    private static let written: [(name: String, json: String)] = [
        ("été", #"\u00e9t\u00E9"#), ("plan", #"pl\u0061n"#), (#"a"b"#, #"a\"b"#), (#"a"b"#, #"a\u0022b"#), (#"a\b"#, #"a\\b"#),
        (#"a\nb"#, #"a\\nb"#), ("a\nb", #"a\nb"#), ("a\tb", #"a\u0009b"#), ("a/b", #"a\/b"#), ("a.b", #"a\u002eb"#),
        ("😀", #"\ud83d\uDE00"#), ("😀", "😀"), (#"\"#, #"\\"#), (#"\""#, #"\\\""#), ("цена", #"\u0446\u0435\u043d\u0430"#),
    ]

    @Test(arguments: Place.allCases) func `A name is found however it is written`(_ place: Place) async throws {
        let warehouse = try await place.connect()
        for (name, json) in Self.written {
            let object: SQL = "\(value: #"{"other":{"\#(json)":"no"},"\#(json)x":"no","\#(json)":"found","z":1}"#)"
            let found = try await warehouse.query(
                """
                SELECT \(warehouse.dialect.text(ofMember: name, in: "j")) AS t, \(warehouse.dialect.text(ofMember: name + "y", in: "j")) AS n
                FROM (SELECT \(object) AS j) AS g_row
                """)
            #expect(try found.texts("t") == ["found"], "\(name) as \(json)")
            #expect(try found.texts("n") == [nil], "\(name) as \(json)")
        }
    }
}

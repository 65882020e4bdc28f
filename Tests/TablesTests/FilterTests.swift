import Tables
import Testing

@Suite struct FilterTests {
    private let table = try? Table(
        [UInt8](text: "id,g,x,my col\n1,A,5,a\n2,B,-1.5,b\n3,A,,c\n4,,2,d\n5,C,7,\n"))

    // The ids of the rows that a condition selects.
    private func ids(_ condition: String) throws -> [Double] {
        let table = try #require(table)
        let ids = try table.numbers("id").values
        return try Filter(condition).rows(of: table).rows.map { ids[$0] }
    }

    @Test(arguments: [
        ("x = 5", [1]), ("x == 5", [1]), ("x != 5", [2, 4, 5]), ("x <> 5", [2, 4, 5]), ("x < 2", [2]), ("x <= 2", [2, 4]),
        ("x > 2", [1, 5]),
        ("x >= 5", [1, 5]), ("5 <= x", [1, 5]), ("x > -2e0", [1, 2, 4, 5]), ("g = 'A'", [1, 3]), ("'A' = g", [1, 3]), ("g != 'A'", [2, 5]),
        ("g > 'A'", [2, 5]), ("g = 'A' and x = 5", [1]), ("g = 'B' or x = 5", [1, 2]), ("g = 'B' OR x = 5 AND g = 'A'", [1, 2]),
        ("(g = 'B' or x = 5) and id > 1", [2]), ("not g = 'A'", [2, 5]), ("not (g = 'A' or x = 7)", [2]), ("not not g = 'A'", [1, 3]),
        ("x is null", [3]), ("x is not null", [1, 2, 4, 5]), ("g in ('A', 'C')", [1, 3, 5]), ("g not in ('A', 'C')", [2]),
        ("x in (5, 7)", [1, 5]), ("\"my col\" = 'b'", [2]), ("`my col` is null", [5]), ("x > id", [1, 5]), ("g = 'it''s'", []),
    ])
    func `A condition selects the rows for which it is true`(condition: String, expected: [Double]) throws {
        #expect(try ids(condition) == expected)
    }

    @Test(arguments: [
        ("x = ", "at character 5: expected a number, a text in single quotes or a column, found the end"),
        ("x 5", "at character 3: expected a comparison such as '=', 'in (…)' or 'is null', found '5'"),
        ("x = 5 y", "at character 7: expected 'and', 'or' or the end, found 'y'"),
        ("(x = 5", "at character 7: expected ')', 'and' or 'or', found the end"),
        ("x in 5", "at character 6: expected '(', found '5'"),
        ("x in (y)", "at character 7: expected a number or a text in single quotes, found 'y'"),
        ("x = 'abc", "at character 5: expected a closing ', found the end"),
        ("x = null", "at character 5: expected a value; for missing ones write 'is null', found 'null'"),
        ("x = 1; drop", "at character 6: expected a column, a value or a comparison, found ';'"),
        ("", "at character 1: expected a column, found the end"),
        ("5 = 5", "at character 5: expected a column, found '5'"),
        ("x = 1.2.3", "at character 5: expected a number, a column or a text in quotes, found '1.2.3'"),
        ("x ! 5", "at character 3: expected '!=' or 'not', found '!'"),
    ])
    func `A mistake is shown with its place and what was expected`(condition: String, message: String) {
        let error = #expect(throws: FilterError.self) { try Filter(condition) }
        #expect(error?.description == message)
    }

    @Test func `Nesting is limited`() {
        let deep = String(repeating: "(", count: 5000) + "x = 1" + String(repeating: ")", count: 5000)
        #expect(throws: FilterError.self) { try Filter(deep) }
        #expect(throws: FilterError.self) { try Filter(String(repeating: "not ", count: 5000) + "x = 1") }
    }

    @Test func `A wrong column is shown with the nearest right one`() throws {
        let error = #expect(throws: FilterError.self) { try ids("x = 5 and gg = 'A'") }
        let message = "at character 11: there is no column 'gg'; did you mean 'g'? If it is a text, write it in single quotes: 'gg'"
        #expect(error?.description == message)
        let unquoted = #expect(throws: FilterError.self) { try Filter("g = A").check(against: ["g", "revenue"]) }
        #expect(unquoted?.description.hasSuffix("If it is a text, write it in single quotes: 'A'") == true)
    }

    @Test func `A column of text compared with a number is a mistake`() {
        let error = #expect(throws: FilterError.self) { try ids("g = 1") }
        #expect(error?.description == "column 'g' holds no numbers (line 2: 'A')")
    }

    @Test func `Values that cannot be compared are counted`() throws {
        let table = try Table([UInt8](text: "x\n1\nabc\n3\n"))
        let selection = try Filter("not x = 1").rows(of: table)
        #expect(selection.rows == [2])
        #expect(selection.strays.map { "\($0.column): \($0.values.count)" } == ["x: 1"])
    }

    @Test func `It knows its columns`() throws {
        #expect(try Filter("a = 1 and (b in ('x') or not a is null) and c > b").columns == ["a", "b", "c"])
    }
}

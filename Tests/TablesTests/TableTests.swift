import Foundation
import Tables
import Testing

@Suite struct TableTests {
    private func table(_ text: String, keeping names: [String]? = nil, limits: TableLimits = TableLimits()) throws -> Table {
        try Table([UInt8](text: text), keeping: names, limits: limits)
    }

    @Test func `Columns hold what the file holds`() throws {
        let table = try table("\u{FEFF}name;\"net, \"\"x\"\"\";n\r\n\"Ann; \"\"A\"\"\";1,5;3\r\n;;4\r\n")
        #expect(table.header == ["name", "net, \"x\"", "n"])
        #expect(table.delimiter == .semicolon)
        #expect(table.rows == 2)
        #expect(table.problems.isEmpty)
        let name = try table.column("name")
        #expect((0..<2).map { name.text($0) } == ["Ann; \"A\"", nil])
        #expect(try table.numbers("n").values == [3, 4])
    }

    @Test func `Bad rows are listed by line and counted`() throws {
        var text = "a,b\n1,2\n1\n1,2,3\n\n3,4\n\"x\ny\",5\n7,8\n"
        for _ in 0..<20 { text += "junk\n" }
        let table = try table(text)
        #expect(table.rows == 4)
        #expect(table.problems.count == 22)
        #expect(table.problems.first.count == 10)
        #expect(
            table.problems.first.prefix(2).map(\.description) == [
                "line 3: 1 field where 2 were expected", "line 4: 3 fields where 2 were expected",
            ])
        #expect((0..<4).map { table.line(of: $0) } == [2, 6, 7, 9])
    }

    @Test func `Values that are no numbers are listed and counted, missing ones are counted`() throws {
        let table = try table("x\n1\nabc\n\nNaN\nn/a\n2.5\n12%\n")
        let numbers = try table.numbers("x")
        #expect(numbers.values.filter { !$0.isNaN } == [1, 2.5])
        #expect(numbers.missing == 3)
        #expect(numbers.strays.count == 2)
        #expect(numbers.strays.first.map { "\(table.line(of: $0.row)): \($0.text)" } == ["3: abc", "8: 12%"])
        #expect(numbers.present == 2)
    }

    @Test func `A column without numbers is none of numbers`() throws {
        let table = try table("g\nA\nB\n")
        #expect(throws: TableError.notNumeric(column: "g", line: 2, value: "A")) { try table.numbers("g") }
    }

    @Test func `Labels are numbered as they appear`() throws {
        let rows = (0..<40).map { "group \($0 % 20),x" }.joined(separator: "\n")
        let labels = try table("g,y\n" + rows + "\n,x\n").labels("g")
        #expect(labels.values == (0..<20).map { "group \($0)" })
        #expect(labels.codes == (0..<40).map { Int32($0 % 20) } + [-1])
        #expect(labels.missing == 1)
    }

    @Test func `Only the columns that are asked for are kept`() throws {
        let table = try table("a,b,c\n1,2,3\n", keeping: ["c"])
        #expect(table.kept.map(\.name) == ["c"])
        #expect(table.header == ["a", "b", "c"])
        #expect(try table.numbers("c").values == [3])
    }

    @Test func `A wrong name is answered with the nearest right one`() throws {
        let error = #expect(throws: TableError.self) { try table("revenue,purchase\n1,2\n", keeping: ["revenu"]) }
        #expect(error?.description == "there is no column 'revenu'; did you mean 'revenue'?")
        let other = #expect(throws: TableError.self) { try table("revenue,purchase\n1,2\n", keeping: ["weight"]) }
        #expect(other?.description == "there is no column 'weight'; there are 'revenue', 'purchase'")
        #expect(throws: TableError.ambiguousColumn(name: "a")) { try table("a,a\n1,2\n", keeping: ["a"]) }
    }

    @Test func `What is no table is an error that says so`() throws {
        #expect(throws: TableError.empty(path: "data")) { try table("") }
        #expect(throws: TableError.encoding(path: "data", name: "UTF-16")) { try Table([0xFF, 0xFE, 0x61, 0x00]) }
        let problem = RowProblem(line: 1, reason: .notUTF8(byte: 0xE9, column: 1))
        #expect(throws: TableError.header(path: "data", problem: problem, encoding: "windows-1252")) {
            try Table([0xE9, 0x2C, 0x61, 0x0A])
        }
        var limits = TableLimits()
        limits.columns = 2
        #expect(throws: TableError.tooManyColumns(path: "data", count: 3, limit: 2)) { try table("a,b,c\n", limits: limits) }
        let missing = #expect(throws: TableError.self) { try Table(path: "/nowhere/x.csv") }
        #expect(missing?.description == "/nowhere/x.csv: No such file or directory")
        let directory = #expect(throws: TableError.self) { try Table(path: "/tmp") }
        #expect(directory?.description == "/tmp: it is a directory")
    }

    @Test func `A file without a header has columns c1, c2 and so on`() throws {
        let table = try Table([UInt8](text: "A;1\nB;2\n"), format: TableFormat(hasHeader: false))
        #expect(table.header == ["c1", "c2"])
        #expect(try table.numbers("c2").values == [1, 2])
        #expect(try table.labels("c1").values == ["A", "B"])
        #expect((0..<2).map { table.line(of: $0) } == [1, 2])
    }

    @Test func `Decimal commas are read where that is said, and offered where it is not`() throws {
        let text = "a;b\n1,5;2\n-0,25;3\n"
        let table = try Table([UInt8](text: text), format: TableFormat(decimal: .comma))
        #expect(try table.numbers("a").values == [1.5, -0.25])
        let error = #expect(throws: TableError.self) { try self.table(text).numbers("a") }
        #expect(error?.description == "column 'a' holds no numbers (line 2: '1,5'); --decimal comma reads it as one")
    }

    @Test func `Other encodings are guessed by their bytes`() throws {
        // "выручка" in windows-1251 and in KOI8-R, "café" in windows-1252.
        let lines: [([UInt8], String)] = [
            ([0xE2, 0xFB, 0xF0, 0xF3, 0xF7, 0xEA, 0xE0], "windows-1251"), ([0xD7, 0xD9, 0xD2, 0xD5, 0xDE, 0xCB, 0xC1], "KOI8-R"),
            ([0xA2, 0xEB, 0xE0, 0xE3, 0xE7, 0xAA, 0xA0], "CP866"), ([0x63, 0x61, 0x66, 0xE9], "windows-1252"),
        ]
        for (word, name) in lines {
            let table = try Table([UInt8](text: "a,b\n1,2\n") + word + [UInt8](text: ",3\n4,5\n"))
            #expect(table.encodings.map(\.name) == [name])
            #expect(table.rows == 2)
            #expect(table.problems.count == 1)
        }
    }

    @Test func `A row is found by its line`() throws {
        let table = try table("a,b\n1,2\n\n\"x\ny\",3\n4,5\n")
        #expect((1...7).map { table.row(atLine: $0) } == [nil, 0, nil, 1, nil, 2, nil])
    }

    @Test func `Reading tells how far it is`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "gosset-progress-\(getpid()).csv").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = "a,b\n" + String(repeating: "1,2\n", count: 200_000)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        var told: [Int] = []
        var sizes: Set<Int?> = []
        _ = try Table(path: path) { read, size in
            told.append(read)
            sizes.insert(size)
        }
        #expect(told == told.sorted() && told.last == text.utf8.count && told.count > 2)
        #expect(sizes == [text.utf8.count])
    }

    @Test func `Copies of rows are counted`() throws {
        #expect(try table("a,b\n1,2\n1,2\n12,\n1,2\n,12\n").copies == 2)
    }

    @Test func `A large file reads the same in any pieces`() throws {
        var text = "id,label,value\n"
        for i in 0..<20_000 { text += "\(i),\"label, \(i % 7)\",\(Double(i) / 8)\r\n" }
        for pieces in [977, 1 << 16, 1 << 18] {
            let table = try Table([UInt8](text: text), pieces: pieces)
            #expect(table.rows == 20_000)
            #expect(try table.numbers("value").values == (0..<20_000).map { Double($0) / 8 })
            #expect(try table.labels("label").values == (0..<7).map { "label, \($0)" })
        }
    }

    @Test func `Lines may end in carriage returns alone`() throws {
        let short = try table("a;b\r1;x\r2\r\r3;\"y\"\r")
        #expect(short.header == ["a", "b"] && short.delimiter == .semicolon && short.rows == 2)
        #expect(try short.labels("b").values == ["x", "y"])
        #expect(short.problems.first.map(\.description) == ["line 3: 1 field where 2 were expected"])
        #expect(try table("a,b\r1,2").numbers("b").values == [2])
        var text = "id,value\r"
        for i in 0..<20_000 { text += "\(i),\(Double(i) / 8)\r" }
        for pieces in [977, 1 << 16, 1 << 18] {
            let table = try Table([UInt8](text: text), pieces: pieces)
            #expect(table.rows == 20_000 && table.problems.isEmpty)
            #expect(try table.numbers("value").values == (0..<20_000).map { Double($0) / 8 })
        }
        // A header that ends just where the first piece does.
        let long = String(repeating: "n", count: (1 << 16) - 3)
        let cut = try Table([UInt8](text: "a,\(long)\r\n1,2\r\n"), pieces: 1 << 16)
        #expect(cut.header == ["a", long] && cut.rows == 1 && cut.problems.isEmpty)
    }
}

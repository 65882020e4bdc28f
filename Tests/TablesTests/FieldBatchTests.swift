import Tables
import Testing

// Many rows are found at once where none needs care. Whatever the file holds, that reads as row by row would.
@Suite struct FieldBatchTests {
    private struct Row: Equatable {
        let line: Int
        let fields: [String]
    }

    // The rows and the problems of a file, read record by record.
    private func slowly(_ bytes: [UInt8], columns: Int) -> (rows: [Row], problems: [String]) {
        var scanner = RecordScanner(bytes, delimiter: .comma, limit: 400)
        var (rows, problems, isHeader) = ([Row](), [String](), true)
        while let record = scanner.next() {
            switch record {
            case .bad(let reason): problems.append(RowProblem(line: scanner.line, reason: reason).description)
            case .fields where isHeader: isHeader = false
            case .fields where scanner.fields.count == columns:
                rows.append(
                    Row(
                        line: scanner.line,
                        fields: scanner.fields.map { field in
                            let text = String(decoding: scanner.bytes[field.start..<field.end], as: UTF8.self)
                            return field.isEscaped ? text.replacing("\"\"", with: "\"") : text
                        }))
            case .fields where scanner.isBlank: continue
            case .fields:
                let reason = RowProblem.Reason.fieldCount(found: scanner.fields.count, expected: columns)
                problems.append(RowProblem(line: scanner.line, reason: reason).description)
            }
        }
        return (rows, problems)
    }

    private func expectSame(_ bytes: [UInt8], columns: Int, pieces: Int) throws {
        var limits = TableLimits()
        limits.recordBytes = 400
        limits.listed = .max
        let format = TableFormat(delimiter: .comma)
        let table = try Table(bytes, format: format, limits: limits, pieces: pieces)
        let (rows, problems) = slowly(bytes, columns: columns)
        let found = (0..<table.rows).map { row in Row(line: table.line(of: row), fields: table.kept.map { $0.text(row) ?? "" }) }
        #expect(found == rows)
        #expect(table.problems.first.map(\.description) == problems)
        // Single columns are the same as all of them.
        for (index, name) in table.header.enumerated() {
            let one = try Table(bytes, format: format, keeping: [name], limits: limits, pieces: pieces)
            #expect((0..<one.rows).map { one.kept[0].text($0) ?? "" } == rows.map { $0.fields[index] })
        }
    }

    @Test(arguments: 0..<40)
    func `Any mixture reads as row by row`(seed: Int) throws {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ count: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state >> 33) % count
        }
        let plain = ["", "1", "-2.5", "abc", "a longer text of many letters", "naïve", "日本語", "5\" disk", "x\ry", " "]
        let quoted = ["\"\"", "\"a,b\"", "\"line\nbreak\"", "\"say \"\"hi\"\"\"", "\"日本\"", "\"plain\""]
        let broken: [[UInt8]] = [
            [0xE9, 0x2C, 0x31, 0x2C, 0x32], Array("\"x\"y,1,2".utf8), [0x31, 0x00, 0x2C, 0x2C], Array("1,2".utf8), Array("1,2,3,4".utf8),
            [],
            Array(String(repeating: "long", count: 120).utf8), Array("\"a,b\",c".utf8),
        ]
        var bytes = Array("one,two,three\n".utf8)
        for _ in 0..<(200 + random(300)) {
            if random(12) == 0 {
                bytes += broken[random(broken.count)]
            } else {
                let fields = (0..<3).map { _ in random(4) == 0 ? quoted[random(quoted.count)] : plain[random(plain.count)] }
                bytes += Array(fields.joined(separator: ",").utf8)
            }
            bytes += random(5) == 0 ? [0x0D, 0x0A] : [0x0A]
        }
        if random(2) == 0 { bytes.removeLast() }
        for pieces in [1 << 18, 1000, 61] { try expectSame(bytes, columns: 3, pieces: pieces) }
    }

    @Test func `Long values and many rows keep their places`() throws {
        var text = "a,b\n"
        for i in 0..<1000 { text += "\(i),\(String(repeating: "x", count: (i * 7) % 390 / 2))\n" }
        for length in [7, 8, 9, 254, 255, 256, 300] { text += "\(length),\(String(repeating: "é", count: length / 2))\n" }
        try expectSame(Array(text.utf8), columns: 2, pieces: 4096)
    }
}

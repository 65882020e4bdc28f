import Tables
import Testing

@Suite struct RecordScannerTests {
    // The fields of all records, or the reasons why they are bad.
    private func records(_ text: String, limit: Int = 1000, pieces: Int = .max) -> [[String]] {
        var scanner = RecordScanner(delimiter: .comma, limit: limit)
        var result: [[String]] = []
        func drain() {
            while let record = scanner.next() {
                switch record {
                case .fields: result.append(scanner.fields.map { String(decoding: scanner.bytes[$0.start..<$0.end], as: UTF8.self) })
                case .bad(let reason): result.append([RowProblem(line: scanner.line, reason: reason).description])
                }
            }
        }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            Array(rest.prefix(pieces)).withUnsafeBytes { scanner.append($0) }
            rest = rest.dropFirst(pieces)
            drain()
        }
        scanner.append(UnsafeRawBufferPointer(start: nil, count: 0))
        drain()
        return result
    }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,\n,b\n", [["a", ""], ["", "b"]]),
        ("\"a,1\",\"b\nc\"\nd,e\n", [["a,1", "b\nc"], ["d", "e"]]),
        ("\"a\"\r\n\"b\"\r\n", [["a"], ["b"]]),
        ("\"\",\"\"\n", [["", ""]]),
        ("5\" disk,x\n", [["5\" disk", "x"]]),
        ("naïve,日本\n", [["naïve", "日本"]]),
        ("", []),
    ])
    func `Records are split as RFC 4180 says, wherever the pieces are cut`(text: String, expected: [[String]]) {
        for pieces in [1, 2, 3, 5, .max] { #expect(records(text, pieces: pieces) == expected, "in pieces of \(pieces)") }
    }

    @Test(arguments: [
        ("a\n\"b\nc\nd\n", ["line 2: a quote that is never closed"], 3),
        ("a\n\"b\"c\nd\n", ["line 2: text after a closing quote at column 4"], 2),
        ("a\nx\0y\nd\n", ["line 2: a zero byte at column 2, as in UTF-16"], 2),
    ])
    func `A malformed record costs its first line and no more`(text: String, problem: [String], others: Int) {
        for pieces in [1, 4, .max] {
            let found = records(text, pieces: pieces)
            #expect(found.contains(problem))
            #expect(found.count == others + 1)
            #expect(found.last == ["d"])
        }
    }

    @Test func `Bytes that are no UTF-8 are named with their place`() {
        var scanner = RecordScanner([UInt8](text: "a,b\nx,") + [0xE9, 0x0A] + [UInt8](text: "1,2\n"), delimiter: .comma)
        var bad: [RowProblem.Reason] = []
        while let record = scanner.next() { if case .bad(let reason) = record { bad.append(reason) } }
        #expect(bad == [.notUTF8(byte: 0xE9, column: 3)])
        #expect(scanner.line == 3)
    }

    @Test func `A record over the limit is bad as a whole, to the end of its line`() {
        let text = "a\n" + String(repeating: "x", count: 50) + ",1\nb\n"
        for pieces in [1, 7, .max] {
            #expect(records(text, limit: 20, pieces: pieces) == [["a"], ["line 2: longer than 20 bytes"], ["b"]], "in pieces of \(pieces)")
        }
        #expect(records("a\n" + String(repeating: "x", count: 20), limit: 20) == [["a"], [String(repeating: "x", count: 20)]])
    }

    @Test func `Lines are counted through quoted line breaks`() {
        var scanner = RecordScanner([UInt8](text: "a\n\"b\nb\nb\"\nc\n"), delimiter: .comma)
        var lines: [Int] = []
        while scanner.next() != nil { lines.append(scanner.line) }
        #expect(lines == [1, 2, 5])
    }
}

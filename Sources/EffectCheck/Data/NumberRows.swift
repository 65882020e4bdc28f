/// Reads rows of numbers out of a piece of a CSV file.
///
/// Three columns are wanted. A row of just three plain whole numbers, by far the most frequent, is read in one go; whatever else there may
/// be (other columns, quotes, blanks, decimals, carriage returns) is read field by field.
struct NumberRows {
    let layout: CSVLayout
    /// What a value of the third column is multiplied by: 100 keeps two decimals.
    let scale: Int
    private let isPlain: Bool

    init(layout: CSVLayout, scale: Int) {
        self.layout = layout
        self.scale = scale
        isPlain = layout.fields == 3
    }

    /// Why a row cannot be read.
    struct Flaw: Error {
        let reason: String
    }

    /// Reads all rows that begin before `end`.
    ///
    /// - Parameters:
    ///   - bytes: the piece; the byte after its last one must be zero.
    ///   - row: called with the values of the wanted columns and the row's number within the piece, from 0.
    ///   - flaw: called for rows that cannot be read.
    /// - Returns: the number of rows, blank ones among them.
    @inline(__always)
    func read(
        _ bytes: UnsafeBufferPointer<UInt8>, until end: Int, row: (_ number: Int, Int, Int, Int) -> Void,
        flaw: (_ number: Int, Flaw) -> Void
    ) -> Int {
        guard var next = bytes.baseAddress, !bytes.isEmpty else { return 0 }
        let (limit, last) = (next + min(end, bytes.count), next + bytes.count)
        let separator = layout.separator
        let (first, second, third) = (layout.places[0], layout.places[1], layout.places[2])
        var number = 0
        while next < limit {
            if isPlain {
                var cursor = next
                let one = NumberRows.digits(&cursor)
                if one >= 0, cursor.pointee == separator {
                    cursor += 1
                    let two = NumberRows.digits(&cursor)
                    if two >= 0, cursor.pointee == separator {
                        cursor += 1
                        let three = NumberRows.digits(&cursor)
                        if three >= 0, cursor.pointee == UInt8(ascii: "\n") || cursor == last {
                            let a = first == 0 ? one : first == 1 ? two : three
                            let b = second == 0 ? one : second == 1 ? two : three
                            let c = third == 0 ? one : third == 1 ? two : three
                            row(number, a, b, c &* scale)
                            number += 1
                            next = cursor + 1
                            continue
                        }
                    }
                }
            }
            var stop = next
            while stop < last, stop.pointee != UInt8(ascii: "\n") { stop += 1 }
            do throws(Flaw) {
                if let values = try slowly(UnsafeBufferPointer(start: next, count: stop - next)) {
                    row(number, values.0, values.1, values.2)
                }
            } catch {
                flaw(number, error)
            }
            number += 1
            next = stop + 1
        }
        return number
    }

    /// The whole number at the cursor, which moves behind it; -1 if there is none or it is too long.
    @inline(__always)
    private static func digits(_ cursor: inout UnsafePointer<UInt8>) -> Int {
        var digit = cursor.pointee &- UInt8(ascii: "0")
        guard digit < 10 else { return -1 }
        let start = cursor
        var value = 0
        repeat {
            value = value &* 10 &+ Int(digit)
            cursor += 1
            digit = cursor.pointee &- UInt8(ascii: "0")
        } while digit < 10
        return cursor - start <= 15 ? value : -1
    }

    /// A row of any shape; nil if it is blank.
    @inline(never)
    private func slowly(_ line: UnsafeBufferPointer<UInt8>) throws(Flaw) -> (Int, Int, Int)? {
        let blanks: Set<UInt8> = [0x20, 0x0D, 0x22]
        if line.allSatisfy({ blanks.contains($0) }) { return nil }
        let parts = line.split(separator: layout.separator, maxSplits: layout.fields, omittingEmptySubsequences: false)
        guard parts.count == layout.fields else {
            throw Flaw(reason: "\(layout.fields) fields were expected, not \(parts.count > layout.fields ? "more" : "\(parts.count)")")
        }
        var values: [Int] = []
        for (column, place) in layout.places.enumerated() {
            let text = String(decoding: parts[place].filter { !blanks.contains($0) }, as: UTF8.self)
            let factor = column == 2 ? scale : 1
            if let value = Int(text), abs(value) < 1_000_000_000_000_000 {
                values.append(value * factor)
            } else if let value = Double(text), value.isFinite, abs(value) < 1e15,
                factor > 1 || value == value.rounded() && text.contains(".")
            {
                values.append(Int((value * Double(factor)).rounded()))
            } else {
                throw Flaw(reason: "a number was expected, not '\(text.prefix(40))'")
            }
        }
        return (values[0], values[1], values[2])
    }
}

internal import Glibc

/// A column read as text: the different values, and which of them each row has.
package struct Labels: Sendable {
    package let name: String
    /// The different values, in the order in which they first appear.
    package let values: [String]
    /// The index of each row's value; -1 where the field is empty.
    package let codes: [Int32]

    init(_ column: Column) {
        name = column.name
        var codes = [Int32](repeating: -1, count: column.count)
        var values: [String] = []
        codes.withUnsafeMutableBufferPointer { codes in
            column.withFields { fields in
                var index = Index()
                // Rows of a group follow each other often enough to look at the last one first.
                var (last, lastCode) = (UnsafeBufferPointer<UInt8>(start: nil, count: 0), Int32(-1))
                fields.forEach { row, field in
                    guard !field.isEmpty else { return }
                    if !Labels.areEqual(field, last) { (last, lastCode) = (field, index.code(of: field)) }
                    codes[row] = lastCode
                }
                values = index.known.map { String(decoding: $0, as: UTF8.self) }
            }
        }
        self.values = values
        self.codes = codes
    }

    /// Rows without a value.
    package var missing: Int { codes.count { $0 < 0 } }

    private static func areEqual(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
        guard a.count == b.count, let first = a.baseAddress, let second = b.baseAddress else { return false }
        return memcmp(first, second, a.count) == 0
    }

    /// The codes of texts, which lie in the column while this lives.
    private struct Index {
        private(set) var known: [UnsafeBufferPointer<UInt8>] = []
        private var hashes: [UInt64] = []
        /// Codes at the places where their hashes lead, or the next free ones; -1 where there is none.
        private var places = [Int32](repeating: -1, count: 64)
        private let hash = FieldHash()

        mutating func code(of field: UnsafeBufferPointer<UInt8>) -> Int32 {
            let hash = hash.hash(field)
            var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
            while places[place] >= 0 {
                let code = Int(places[place])
                if hashes[code] == hash, Labels.areEqual(known[code], field) { return places[place] }
                place = (place + 1) & (places.count - 1)
            }
            let code = Int32(known.count)
            places[place] = code
            known.append(field)
            hashes.append(hash)
            if known.count * 2 > places.count { grow() }
            return code
        }

        private mutating func grow() {
            places = Array(repeating: -1, count: places.count * 4)
            for (code, hash) in hashes.enumerated() {
                var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
                while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
                places[place] = Int32(code)
            }
        }
    }
}

/// Where the wanted columns of a CSV file stand, from its header.
struct CSVLayout {
    /// The separator: a comma, or what the header shows (semicolon, tab).
    let separator: UInt8
    /// Fields in a row.
    let fields: Int
    /// For each wanted column its place in a row.
    let places: [Int]
    /// Where the first row begins.
    let start: Int

    /// Reads the header.
    ///
    /// - Parameter head: the first bytes of the file.
    init(path: String, head: [UInt8], wanted: [String]) throws(ShopDataError) {
        var rest = head[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        guard end > rest.startIndex else { throw .empty(path: path) }
        let line = String(decoding: rest[rest.startIndex..<end], as: UTF8.self).filter { $0 != "\r" && $0 != "\r\n" }
        let separator: Character = [",", ";", "\t"].max { one, other in line.count { $0 == one } < line.count { $0 == other } } ?? ","
        let names = line.split(separator: separator, omittingEmptySubsequences: false).map { name in
            String(name.drop { $0 == " " || $0 == "\"" }.reversed().drop { $0 == " " || $0 == "\"" }.reversed())
        }
        var places: [Int] = []
        for name in wanted {
            guard let place = names.firstIndex(of: name) else { throw .missingColumn(path: path, name: name, found: names) }
            places.append(place)
        }
        self.separator = Array(separator.utf8)[0]
        self.places = places
        fields = names.count
        start = min(end + 1, head.count)
    }
}

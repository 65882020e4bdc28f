internal import CADBC

/// Reads columns of the Arrow C data interface, as https://arrow.apache.org/docs/format/Columnar.html lays them out.
struct ArrowColumn {
    let schema: ArrowSchema
    let array: ArrowArray

    /// The values, copied.
    func values() throws(WarehouseError) -> ResultColumn {
        let format = schema.format.map { String(cString: $0) } ?? ""
        if let law = schema.dictionary {
            let dictionary = array.dictionary?.pointee ?? ArrowArray()
            return try looked(up: ArrowColumn(schema: law.pointee, array: dictionary).values(), by: indices())
        }
        switch format {
        case "c": return .integers(fixed(Int8.self) { Int64($0) })
        case "s": return .integers(fixed(Int16.self) { Int64($0) })
        case "i": return .integers(fixed(Int32.self) { Int64($0) })
        case "l": return .integers(fixed(Int64.self) { $0 })
        case "C": return .integers(fixed(UInt8.self) { Int64($0) })
        case "S": return .integers(fixed(UInt16.self) { Int64($0) })
        case "I": return .integers(fixed(UInt32.self) { Int64($0) })
        case "L": return .integers(fixed(UInt64.self) { Int64(clamping: $0) })
        case "f": return .numbers(fixed(Float.self) { Double($0) })
        case "g": return .numbers(fixed(Double.self) { $0 })
        case "b": return .booleans(booleans())
        case "n": return .texts(Array(repeating: nil, count: Int(array.length)))
        case "u", "z": return .texts(texts(Int32.self))
        case "U", "Z": return .texts(texts(Int64.self))
        case "tdD": return .instants(fixed(Int32.self) { Int64($0) * 86_400_000_000 })
        case "tdm": return .instants(fixed(Int64.self) { $0 * 1000 })
        case _ where format.hasPrefix("tss:"): return .instants(fixed(Int64.self) { $0 * 1_000_000 })
        case _ where format.hasPrefix("tsm:"): return .instants(fixed(Int64.self) { $0 * 1000 })
        case _ where format.hasPrefix("tsu:"): return .instants(fixed(Int64.self) { $0 })
        case _ where format.hasPrefix("tsn:"): return .instants(fixed(Int64.self) { $0 / 1000 })
        case _ where format.hasPrefix("d:"): return .numbers(try decimals(format))
        default:
            let name = schema.name.map { String(cString: $0) } ?? ""
            throw .answer("column \(name) has the type \(format), which is not read; cast it to a number, a text or a time")
        }
    }

    private var range: Range<Int> { Int(array.offset)..<Int(array.offset + array.length) }

    private func buffer<Element>(_ index: Int, _ type: Element.Type) -> UnsafePointer<Element>? {
        guard index < Int(array.n_buffers), let buffers = array.buffers else { return nil }
        return buffers[index]?.assumingMemoryBound(to: type)
    }

    private func isValid(_ row: Int) -> Bool {
        guard array.null_count != 0, let bits = buffer(0, UInt8.self) else { return true }
        return bits[row >> 3] >> UInt8(row & 7) & 1 == 1
    }

    private func fixed<Element, Value>(_ type: Element.Type, _ convert: (Element) -> Value) -> [Value?] {
        // Without rows there need be no buffer.
        guard let values = buffer(1, type) else { return Array(repeating: nil, count: Int(array.length)) }
        return range.map { isValid($0) ? convert(values[$0]) : nil }
    }

    private func booleans() -> [Bool?] {
        guard let bits = buffer(1, UInt8.self) else { return Array(repeating: nil, count: Int(array.length)) }
        return range.map { isValid($0) ? bits[$0 >> 3] >> UInt8($0 & 7) & 1 == 1 : nil }
    }

    private func texts<Offset: FixedWidthInteger>(_ type: Offset.Type) -> [String?] {
        guard let offsets = buffer(1, type) else { return Array(repeating: nil, count: Int(array.length)) }
        let bytes = buffer(2, UInt8.self)
        return range.map { row in
            guard isValid(row) else { return nil }
            let (start, end) = (Int(offsets[row]), Int(offsets[row + 1]))
            return String(decoding: UnsafeBufferPointer(start: bytes.map { $0 + start }, count: end - start), as: UTF8.self)
        }
    }

    /// Decimals as the doubles nearest to them but for a rounding of the last place: `d:precision,scale[,bits]`.
    private func decimals(_ format: String) throws(WarehouseError) -> [Double?] {
        let parts = format.dropFirst(2).split(separator: ",").compactMap { Int($0) }
        guard parts.count >= 2, parts.count < 3 || parts[2] == 128 else { throw .answer("decimals of the type \(format) are not read") }
        let unit = (0..<max(0, parts[1])).reduce(1.0) { power, _ in power * 10 }
        return fixed(Int128.self) { Double($0) / unit }
    }

    private func indices() throws(WarehouseError) -> [Int?] {
        var plain = schema
        plain.dictionary = nil
        guard case .integers(let values) = try ArrowColumn(schema: plain, array: array).values() else {
            throw .answer("a dictionary's indices are no whole numbers")
        }
        return values.map { $0.map { Int($0) } }
    }

    private func looked(up values: ResultColumn, by indices: [Int?]) throws(WarehouseError) -> ResultColumn {
        func pick<Value>(_ values: [Value?]) -> [Value?] { indices.map { $0.flatMap { values.indices.contains($0) ? values[$0] : nil } } }
        switch values {
        case .integers(let values): return .integers(pick(values))
        case .numbers(let values): return .numbers(pick(values))
        case .texts(let values): return .texts(pick(values))
        case .booleans(let values): return .booleans(pick(values))
        case .instants(let values): return .instants(pick(values))
        }
    }
}

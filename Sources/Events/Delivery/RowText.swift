import Experiments
import Randomization
import Warehouse

/// Rows as JSON that databases read: an object for each row, or an array for each column.
///
/// No text of it holds a dollar sign, so that it may stand between the dollar quotes of SQL whatever it says.
struct RowText {
    enum Shape {
        case objects
        /// DuckDB reads them three times as fast: no names, and nothing to be taken apart.
        case columns
    }

    private(set) var count = 0
    private let shape: Shape
    /// What times are divided by: 1 for milliseconds, 1000 for seconds.
    private let unit: Int64
    /// One for all rows, or one for each column.
    private var texts: [[UInt8]] = []
    /// Those of the row that is being added.
    private var members = 0

    /// Rows for a database of a dialect.
    init(for dialect: Dialect) {
        shape = dialect.readsColumns ? .columns : .objects
        // A ClickHouse of 2018 knows no milliseconds.
        unit = dialect == .clickHouse ? 1000 : 1
    }

    mutating func add(_ event: Event) {
        number("key", event.key)
        text("id", event.id)
        text("unit", event.unit)
        text("fact", event.fact)
        number("value", event.value)
        time("time", event.time)
        time("received", event.received)
        time("claimed", event.claimed)
        text("properties", event.properties)
        end()
    }

    mutating func add(_ exposure: Exposure) {
        number("ordinal", exposure.ordinal)
        text("unit", exposure.unit)
        text("experiment", exposure.experiment)
        text("variant", exposure.variant)
        time("time", exposure.firstSeen)
        number("epoch", exposure.epoch)
        number("block", exposure.block)
        end()
    }

    mutating func add(_ link: UnitLink) {
        number("number", link.number)
        text("unit", link.unit)
        text("person", link.person)
        time("time", link.time)
        end()
    }

    /// The rows as objects, with something between them.
    var objects: String { column(0) }

    /// The values of a column, with something between them.
    func column(_ index: Int) -> String { texts.isEmpty ? "" : String(decoding: texts[index], as: UTF8.self) }

    private mutating func number<Number: Numeric & CustomStringConvertible>(_ name: StaticString, _ value: Number?) {
        let place = begin(name)
        if let value { texts[place] += value.description.utf8 } else { texts[place] += "null".utf8 }
    }

    private mutating func time(_ name: StaticString, _ value: Timestamp?) { number(name, value.map { $0.milliseconds / unit }) }

    private mutating func text(_ name: StaticString, _ value: String?) {
        let place = begin(name)
        guard let value else {
            texts[place] += "null".utf8
            return
        }
        guard value.utf8.contains(UInt8(ascii: "$")) else { return EventCodec.append(value, to: &texts[place]) }
        var quoted: [UInt8] = []
        EventCodec.append(value, to: &quoted)
        for byte in quoted { if byte == UInt8(ascii: "$") { texts[place] += "\\u0024".utf8 } else { texts[place].append(byte) } }
    }

    /// Begins a member of a row.
    /// - Returns: the text that its value belongs to.
    private mutating func begin(_ name: StaticString) -> Int {
        defer { members += 1 }
        switch shape {
        case .objects:
            if texts.isEmpty { texts.append([]) }
            texts[0] += (members > 0 ? ",\"" : count > 0 ? ",\n{\"" : "{\"").utf8
            texts[0] += "\(name)\":".utf8
            return 0
        case .columns:
            if texts.count == members { texts.append([]) }
            if count > 0 { texts[members].append(UInt8(ascii: ",")) }
            return members
        }
    }

    private mutating func end() {
        if shape == .objects { texts[0].append(UInt8(ascii: "}")) }
        members = 0
        count += 1
    }
}

extension Event {
    /// A number by which a warehouse finds the event again; its unit and id decide whether it is the same.
    var key: Int64 {
        var bytes = Array(unit.utf8)
        bytes.append(0)
        bytes += id.utf8
        return Int64(bitPattern: bytes.withUnsafeBytes { SipHash.hash64($0, key: Self.hashing) })
    }

    /// The same everywhere and for ever, for the keys are stored.
    private static let hashing = SecretKey(low: 0x676f_7373_6574, high: 0x6576_656e_7473)
}

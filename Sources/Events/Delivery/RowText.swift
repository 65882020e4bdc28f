import Experiments
import Randomization

/// Rows as JSON that databases read, one object a line.
///
/// No text of it holds a dollar sign, so that it may stand between the dollar quotes of SQL whatever it says.
struct RowText {
    private(set) var count = 0
    private var bytes: [UInt8] = []
    /// What times are divided by: 1 for milliseconds, 1000 for seconds.
    private let unit: Int64

    /// - Parameter inSeconds: whether times are whole seconds since 1970, for databases that know no milliseconds.
    init(inSeconds: Bool = false) { unit = inSeconds ? 1000 : 1 }

    mutating func add(_ event: Event) {
        begin()
        bytes += "{\"key\":\(event.key),\"id\":".utf8
        text(event.id)
        member("unit", event.unit)
        member("fact", event.fact)
        bytes += ",\"value\":\(event.value.map { "\($0)" } ?? "null"),\"time\":\(event.time.milliseconds / unit)".utf8
        bytes += ",\"received\":\(event.received.milliseconds / unit)".utf8
        bytes += ",\"claimed\":\(event.claimed.map { [unit] in "\($0.milliseconds / unit)" } ?? "null")".utf8
        if let properties = event.properties { member("properties", properties) } else { bytes += #","properties":null"#.utf8 }
        bytes += "}".utf8
    }

    mutating func add(_ exposure: Exposure) {
        begin()
        bytes += "{\"ordinal\":\(exposure.ordinal)".utf8
        member("unit", exposure.unit)
        member("experiment", exposure.experiment)
        member("variant", exposure.variant)
        bytes += ",\"time\":\(exposure.firstSeen.milliseconds / unit)".utf8
        bytes += ",\"epoch\":\(exposure.epoch),\"block\":\(exposure.block)}".utf8
    }

    mutating func add(_ link: UnitLink) {
        begin()
        bytes += "{\"number\":\(link.number)".utf8
        member("unit", link.unit)
        member("person", link.person)
        bytes += ",\"time\":\(link.time.milliseconds / unit)}".utf8
    }

    /// The rows with something between them.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    private mutating func begin() {
        if count > 0 { bytes += ",\n".utf8 }
        count += 1
    }

    private mutating func member(_ name: StaticString, _ value: String) {
        bytes += ",\"\(name)\":".utf8
        text(value)
    }

    private mutating func text(_ value: String) {
        guard value.utf8.contains(UInt8(ascii: "$")) else { return EventCodec.append(value, to: &bytes) }
        var quoted: [UInt8] = []
        EventCodec.append(value, to: &quoted)
        for byte in quoted { if byte == UInt8(ascii: "$") { bytes += "\\u0024".utf8 } else { bytes.append(byte) } }
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

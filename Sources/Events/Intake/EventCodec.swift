import Experiments

/// Events as they lie in the spool: one JSON object a line.
package enum EventCodec {
    /// Appends an event.
    package static func append(_ event: Event, to bytes: inout [UInt8]) {
        bytes += #"{"id":"#.utf8
        append(event.id, to: &bytes)
        bytes += #","unit":"#.utf8
        append(event.unit, to: &bytes)
        bytes += #","fact":"#.utf8
        append(event.fact, to: &bytes)
        if let value = event.value { bytes += ",\"value\":\(value)".utf8 }
        bytes += ",\"time\":\(event.time.milliseconds),\"received\":\(event.received.milliseconds)".utf8
        if let claimed = event.claimed { bytes += ",\"claimed\":\(claimed.milliseconds)".utf8 }
        if let properties = event.properties {
            bytes += #","properties":"#.utf8
            append(properties, to: &bytes)
        }
        bytes += "}\n".utf8
    }

    /// Appends a string in quotation marks.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if let isPlain = text.utf8.withContiguousStorageIfAvailable({ appendPlain($0, to: &bytes) }), isPlain {
            bytes.append(UInt8(ascii: "\""))
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case 0..<0x20:
                bytes += "\\u00".utf8
                bytes.append(hexadecimal(byte >> 4))
                bytes.append(hexadecimal(byte & 15))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a text as it is, unless something in it has to be escaped.
    private static func appendPlain(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) -> Bool {
        var isPlain = true
        for byte in text where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { isPlain = false }
        if isPlain { bytes.append(contentsOf: text) }
        return isPlain
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x57 + digit }

    /// The events of a part of the spool.
    /// - Throws: ``SpoolError/corrupt`` if the bytes are not what ``append(_:to:)`` wrote.
    package static func events(_ bytes: [UInt8]) throws(SpoolError) -> [Event] {
        var events: [Event] = []
        var cursor = JSONCursor(bytes, in: bytes.indices)
        do throws(JSONCursor.Flaw) {
            while !cursor.isAtEnd() { events.append(try event(&cursor)) }
        } catch {
            throw .corrupt("byte \(error.offset) of a batch: \(error.message)")
        }
        return events
    }

    private static func event(_ cursor: inout JSONCursor) throws(JSONCursor.Flaw) -> Event {
        var (id, unit, fact) = ("", "", "")
        var value: Double?
        var times: [Timestamp?] = [nil, nil, nil]
        var properties: String?
        try cursor.object { cursor, name, _ throws(JSONCursor.Flaw) in
            guard let kind = cursor.kind() else { throw cursor.flaw("expected a value") }
            switch (name, kind) {
            case ("id", .string): id = try cursor.string()
            case ("unit", .string): unit = try cursor.string()
            case ("fact", .string): fact = try cursor.string()
            case ("value", .number): value = Double(try cursor.number())
            case ("time", .number): times[0] = try time(&cursor)
            case ("received", .number): times[1] = try time(&cursor)
            case ("claimed", .number): times[2] = try time(&cursor)
            case ("properties", .string): properties = try cursor.string()
            default: throw cursor.flaw("'\(name)' was not expected")
            }
        }
        guard let time = times[0], let received = times[1], !id.isEmpty, !unit.isEmpty, !fact.isEmpty else {
            throw cursor.flaw("the event before this is not whole")
        }
        return Event(
            id: id, unit: unit, fact: fact, value: value, time: time, received: received, claimed: times[2], properties: properties)
    }

    private static func time(_ cursor: inout JSONCursor) throws(JSONCursor.Flaw) -> Timestamp {
        guard let milliseconds = Int64(try cursor.number()) else { throw cursor.flaw("expected whole milliseconds") }
        return Timestamp(milliseconds: milliseconds)
    }
}

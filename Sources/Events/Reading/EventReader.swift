package import Experiments
import Text

/// Reads batches of events: a JSON array, or one JSON object a line.
///
/// A batch is taken whole or refused whole, with the place of every fault, so that a client can mend it and send it again.
package struct EventReader: Sendable {
    private let limits: EventLimits
    private let clock: EventClock
    private let unit: String?
    private let received: Timestamp

    /// - Parameter unit: whose the events are that do not say it; those that do must say the same.
    package init(limits: EventLimits = EventLimits(), clock: EventClock = EventClock(), unit: String? = nil, received: Timestamp) {
        self.limits = limits
        self.clock = clock
        self.unit = unit
        self.received = received
    }

    /// Reads `[{…}, {…}]`.
    package func array(_ body: [UInt8]) throws(EventRefusal) -> EventBatch {
        var reading = Reading(reader: self, body: body)
        guard reading.isText() else { throw reading.refusal }
        var cursor = JSONCursor(body, in: body.indices)
        do throws(JSONCursor.Flaw) {
            guard cursor.kind() == .array else { throw cursor.flaw("expected an array of events: [{…}, {…}]") }
            try cursor.array { cursor throws(JSONCursor.Flaw) in try reading.event(&cursor) }
            guard cursor.isAtEnd() else { throw cursor.flaw("expected nothing after the array") }
        } catch {
            reading.note(error.message, at: error.offset)
        }
        return try reading.result()
    }

    /// Reads an object a line; lines without anything are passed over.
    package func lines(_ body: [UInt8]) throws(EventRefusal) -> EventBatch {
        var reading = Reading(reader: self, body: body)
        guard reading.isText() else { throw reading.refusal }
        var start = 0
        while start < body.count {
            let end = body[start...].firstIndex(of: UInt8(ascii: "\n")) ?? body.count
            var cursor = JSONCursor(body, in: start..<end)
            start = end + 1
            if cursor.isAtEnd() { continue }
            do throws(JSONCursor.Flaw) {
                try reading.event(&cursor)
                guard cursor.isAtEnd() else { throw cursor.flaw("expected the end of the line: one event a line") }
            } catch {
                reading.note(error.message, at: error.offset)
            }
            if reading.isHopeless { break }
        }
        return try reading.result()
    }

    /// One batch while it is read.
    private struct Reading {
        let reader: EventReader
        let body: [UInt8]
        private var batch = EventBatch()
        private var faults: [EventFault] = []
        private var faultCount = 0
        private var index = -1

        init(reader: EventReader, body: [UInt8]) {
            self.reader = reader
            self.body = body
        }

        /// There is no need to read on.
        var isHopeless: Bool { faultCount > reader.limits.faults || index >= reader.limits.events }

        var refusal: EventRefusal {
            if index >= reader.limits.events { return .tooMany(limit: reader.limits.events) }
            return .faults(faults, areAll: faultCount == faults.count)
        }

        func result() throws(EventRefusal) -> EventBatch {
            guard faultCount == 0, index < reader.limits.events else { throw refusal }
            return batch
        }

        mutating func isText() -> Bool {
            do {
                _ = try body.withUnsafeBufferPointer { bytes in try UTF8Span(validating: bytes.span).count }
                return true
            } catch let error as UTF8.ValidationError {
                note("the body must be UTF-8", at: error.byteOffsets.lowerBound)
            } catch {
                note("the body must be UTF-8", at: 0)
            }
            return false
        }

        mutating func note(_ message: String, at offset: Int, member: String? = nil) {
            faultCount += 1
            guard faults.count < reader.limits.faults else { return }
            let before = body[..<min(offset, body.count)]
            let lineFeed = UInt8(ascii: "\n")
            let column = before.count - (before.lastIndex(of: lineFeed).map { $0 + 1 } ?? 0) + 1
            faults.append(
                EventFault(
                    event: max(index, 0), line: before.count { $0 == lineFeed } + 1, column: column, member: member, message: message))
        }

        // MARK: One event

        private struct Draft {
            var id: String?
            var unit: String?
            var fact: String?
            var value: Double?
            var time: Timestamp?
            var properties: String?
        }

        private static let members = ["id", "unit", "fact", "value", "time", "properties"]

        mutating func event(_ cursor: inout JSONCursor) throws(JSONCursor.Flaw) {
            index += 1
            guard index < reader.limits.events else { throw cursor.flaw("there are too many events") }
            let (start, faultsBefore) = (cursor.offset, faultCount)
            guard cursor.kind() == .object else { throw cursor.flaw("expected an event: {\"id\": …, \"fact\": …}") }
            var draft = Draft()
            var seen: UInt8 = 0
            try cursor.object { cursor, name, place throws(JSONCursor.Flaw) in
                guard let number = Reading.members.firstIndex(of: name) else {
                    let hint = Spelling.nearest(to: name, among: Reading.members).map { "; did you mean '\($0)'?" } ?? ""
                    note("an event has no member '\(name.prefix(64))'\(hint)", at: place)
                    return try cursor.skip(depth: 64)
                }
                if seen & 1 << number != 0 { note("it is given twice", at: place, member: name) }
                seen |= 1 << number
                switch number {
                case 0: draft.id = try text(&cursor, name, reader.limits.id, isASCII: true)
                case 1: draft.unit = try unit(&cursor)
                case 2: draft.fact = try fact(&cursor)
                case 3: draft.value = try value(&cursor)
                case 4: draft.time = try time(&cursor)
                default: draft.properties = try properties(&cursor)
                }
            }
            finish(draft, start, isSound: faultCount == faultsBefore)
        }

        private mutating func finish(_ draft: Draft, _ start: Int, isSound: Bool) {
            if let own = draft.unit, let unit = reader.unit, own != unit {
                note("it is not the unit of the header Device-Token", at: start, member: "unit")
            }
            guard isSound else { return }
            for (name, value) in [("id", draft.id), ("unit", draft.unit ?? reader.unit), ("fact", draft.fact)] where value == nil {
                let hint = name == "unit" ? "; give it, or the header Device-Token" : ""
                note("it is missing\(hint)", at: start, member: name)
            }
            guard let id = draft.id, let unit = draft.unit ?? reader.unit, let fact = draft.fact else { return }
            var time = draft.time ?? reader.received
            var claimed: Timestamp?
            switch reader.clock.reading(of: time, received: reader.received) {
            case .plausible: break
            case .late: batch.late += 1
            case .skewed:
                batch.skewed += 1
                (claimed, time) = (time, reader.received)
            }
            batch.events.append(
                Event(
                    id: id, unit: unit, fact: fact, value: draft.value, time: time, received: reader.received, claimed: claimed,
                    properties: draft.properties))
        }

        // MARK: Its members

        /// Takes a value of another kind than was expected.
        private mutating func refuse(_ cursor: inout JSONCursor, _ member: String, _ expected: String) throws(JSONCursor.Flaw) {
            note("expected \(expected)", at: cursor.offset, member: member)
            try cursor.skip(depth: 64)
        }

        private mutating func text(
            _ cursor: inout JSONCursor, _ member: String, _ limit: Int, isASCII: Bool
        ) throws(JSONCursor.Flaw) -> String? {
            guard cursor.kind() == .string else {
                try refuse(&cursor, member, "a string")
                return nil
            }
            let start = cursor.offset
            let text = try cursor.string()
            guard (1...limit).contains(text.utf8.count) else {
                note("expected 1 to \(limit) bytes, not \(text.utf8.count)", at: start, member: member)
                return nil
            }
            guard !isASCII || text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                note("expected visible ASCII characters without spaces", at: start, member: member)
                return nil
            }
            return text
        }

        private mutating func unit(_ cursor: inout JSONCursor) throws(JSONCursor.Flaw) -> String? {
            cursor.skipSpace()
            let start = cursor.offset
            guard let unit = try text(&cursor, "unit", reader.limits.unit, isASCII: true) else { return nil }
            guard unit != ".", unit != ".." else {
                note("dots alone would mean another place in the address at which a unit is deleted", at: start, member: "unit")
                return nil
            }
            return unit
        }

        private mutating func fact(_ cursor: inout JSONCursor) throws(JSONCursor.Flaw) -> String? {
            cursor.skipSpace()
            let start = cursor.offset
            guard let name = try text(&cursor, "fact", reader.limits.fact, isASCII: false) else { return nil }
            guard (try? ExperimentKey(name)) != nil else {
                note("expected characters of A-Z a-z 0-9 . _ -", at: start, member: "fact")
                return nil
            }
            return name
        }

        private mutating func value(_ cursor: inout JSONCursor) throws(JSONCursor.Flaw) -> Double? {
            switch cursor.kind() {
            case .null:
                try cursor.skip(depth: 0)
                return nil
            case .number:
                let start = cursor.offset
                let value = Double(try cursor.number())
                guard let value, value.isFinite else {
                    note("the number is too large", at: start, member: "value")
                    return nil
                }
                return value
            default:
                try refuse(&cursor, "value", "a number or null")
                return nil
            }
        }

        private mutating func time(_ cursor: inout JSONCursor) throws(JSONCursor.Flaw) -> Timestamp? {
            let kind = cursor.kind()
            let start = cursor.offset
            let (time, text): (Timestamp?, String)
            switch kind {
            case .null:
                try cursor.skip(depth: 0)
                return nil
            case .string:
                text = try cursor.string()
                time = EventTime.parse(text)
            case .number:
                text = try cursor.number()
                time = Int64(text).map(Timestamp.init(milliseconds:))
            default:
                try refuse(&cursor, "time", EventTime.expected)
                return nil
            }
            guard let time, EventClock.earliest...EventClock.latest ~= time else {
                note(EventTime.flaw(of: text, isNumber: kind == .number), at: start, member: "time")
                return nil
            }
            return time
        }

        private mutating func properties(_ cursor: inout JSONCursor) throws(JSONCursor.Flaw) -> String? {
            switch cursor.kind() {
            case .null:
                try cursor.skip(depth: 0)
                return nil
            case .object: break
            default:
                try refuse(&cursor, "properties", "an object")
                return nil
            }
            let (start, limits) = (cursor.offset, reader.limits)
            var found = PropertiesWalk(limits)
            try found.walk(&cursor)
            let text = body[start..<cursor.offset]
            if found.members > limits.members {
                note("expected at most \(limits.members) members in all, not \(found.members)", at: start, member: "properties")
            }
            if text.count > limits.properties {
                note("expected at most \(limits.properties) bytes, not \(text.count)", at: start, member: "properties")
            }
            if let place = found.tooDeep {
                note("expected at most \(limits.depth) levels of objects and arrays", at: place, member: "properties")
            }
            for (name, place) in found.repeated {
                note("the member '\(name.prefix(64))' is there twice in one object; leave one out", at: place, member: "properties")
            }
            return String(decoding: text, as: UTF8.self)
        }
    }
}

import Events
import Experiments
import Testing

@Suite struct EventCodecTests {
    @Test func `What is written is read again`() throws {
        let events = [
            Event(id: "1", unit: "u", fact: "f", time: .noon, received: .noon),
            Event(
                id: "\"quoted\\id\"", unit: "ü\u{1}\n", fact: "f", value: -0.1, time: Timestamp(milliseconds: 1), received: .noon,
                claimed: Timestamp(milliseconds: .max), properties: #"{"a":"\"b\n"}"#),
            Event(id: "3", unit: "u", fact: "f", value: .leastNonzeroMagnitude, time: .noon, received: .noon),
            Event(id: "4", unit: "u", fact: "f", value: .greatestFiniteMagnitude, time: .noon, received: .noon),
        ]
        var bytes: [UInt8] = []
        for event in events { EventCodec.append(event, to: &bytes) }
        #expect(try EventCodec.events(bytes) == events)
        #expect(bytes.count { $0 == UInt8(ascii: "\n") } == events.count)
    }

    @Test func `What was damaged is told, not guessed`() {
        var bytes: [UInt8] = []
        EventCodec.append(.numbered(1), to: &bytes)
        for place in [0, 3, bytes.count / 2, bytes.count - 2] {
            #expect(throws: SpoolError.self) { try EventCodec.events(Array(bytes.prefix(place) + bytes.dropFirst(place + 1))) }
        }
    }
}

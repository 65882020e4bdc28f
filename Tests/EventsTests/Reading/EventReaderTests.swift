import Events
import Experiments
import Testing

@Suite struct EventReaderTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func reader(unit: String? = nil, limits: EventLimits = EventLimits()) -> EventReader {
        EventReader(limits: limits, unit: unit, received: now)
    }

    private func faults(_ text: String, unit: String? = nil, lines: Bool = false) -> [EventFault] {
        do throws(EventRefusal) {
            let reader = reader(unit: unit)
            let batch = try lines ? reader.lines(Array(text.utf8)) : reader.array(Array(text.utf8))
            Issue.record("taken although it is wrong: \(batch)")
        } catch {
            if case .faults(let faults, _) = error { return faults }
        }
        return []
    }

    @Test func `An event with everything is taken as it is`() throws {
        let body = #"""
            [{"id":"e-1","unit":"device-1","fact":"purchase","value":-12.5e1,"time":"2027-01-15T07:59:59.250Z",
              "properties":{"plan":"yearly \u00e9\ud83d\ude00","tags":["a",{"b":null}],"new":true}}]
            """#
        let batch = try reader().array(Array(body.utf8))
        let event = try #require(batch.events.first)
        #expect(batch.events.count == 1 && batch.late == 0 && batch.skewed == 0)
        #expect((event.id, event.unit, event.fact) == ("e-1", "device-1", "purchase"))
        #expect(event.value == -125)
        #expect(event.time == Timestamp(milliseconds: 1_799_999_999_250))
        #expect(event.received == now)
        #expect(event.claimed == nil)
        #expect(event.properties == #"{"plan":"yearly \u00e9\ud83d\ude00","tags":["a",{"b":null}],"new":true}"#)
    }

    @Test func `A member may be there again in another object, and names of other bytes are others`() throws {
        let properties = #"{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":3},"\u00e9":1,"e\u0301":2,"A":4}"#
        let body = #"[{"id":"1","unit":"u","fact":"f","properties":\#(properties)}]"#
        #expect(try reader().array(Array(body.utf8)).events.first?.properties == properties)
    }

    @Test func `What may be left out is left out`() throws {
        let batch = try reader(unit: "device-1").array(Array(#"[ {"fact":"visit","id":"1","value":null,"time":null} ]"#.utf8))
        #expect(batch.events == [Event(id: "1", unit: "device-1", fact: "visit", time: now, received: now)])
        #expect(try reader().array(Array("[]".utf8)).events.isEmpty)
        #expect(try reader().lines([]).events.isEmpty)
    }

    @Test func `Lines say the same as an array`() throws {
        let events = (0..<50).map { #"{"id":"\#($0)","unit":"u","fact":"visit","value":\#($0)}"# }
        let array = try reader().array(Array("[\(events.joined(separator: ","))]".utf8))
        let lines = try reader().lines(Array((events.joined(separator: "\r\n\n") + "\n").utf8))
        #expect(array.events.count == 50)
        #expect(lines == array)
        #expect(lines.facts == ["visit": 50])
    }

    @Test func `Clocks that are ahead are corrected and told, and what comes late is kept`() throws {
        let batch = try reader(unit: "u").array(
            Array(
                #"""
                [{"id":"1","fact":"f","time":1800000301000},{"id":"2","fact":"f","time":1799913600000},{"id":"3","fact":"f","time":1800000299999}]
                """#.utf8))
        #expect((batch.skewed, batch.late) == (1, 1))
        #expect(batch.events.map(\.time.milliseconds) == [1_800_000_000_000, 1_799_913_600_000, 1_800_000_299_999])
        #expect(batch.events.map(\.claimed?.milliseconds) == [1_800_000_301_000, nil, nil])
    }

    @Test(arguments: [
        (#"[{"id":"1","unit":"u","fact":"f","valeu":1}]"#, nil, "no member 'valeu'; did you mean 'value'?", 34),
        (#"[{"id":"","unit":"u","fact":"f"}]"#, "id", "1 to 128 bytes, not 0", 8),
        (#"[{"id":"1","unit":"ü","fact":"f"}]"#, "unit", "visible ASCII", 19),
        (#"[{"id":"1","unit":"..","fact":"f"}]"#, "unit", "dots alone", 19),
        (#"[{"id":"1","unit":"u","fact":"a b"}]"#, "fact", "A-Z a-z 0-9", 30),
        (#"[{"id":"1","unit":"u","fact":"f","value":"1"}]"#, "value", "a number or null", 42),
        (#"[{"id":"1","unit":"u","fact":"f","value":1e999}]"#, "value", "too large", 42),
        (#"[{"id":"1","unit":"u","fact":"f","time":"yesterday"}]"#, "time", "2026-01-31T09:30:00.000Z", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":"2026-01-31T09:30:00"}]"#, "time", "a time such as", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":"2026-01-31T09:30:00"}]"#, "time", "offset from UTC is missing", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":"2026-01-31T09:30:00.5"}]"#, "time", #""2026-01-31T09:30:00.5Z", which is in UTC"#, 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":1800000000}]"#, "time", "in milliseconds", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":1800000000}]"#, "time", "too early: expected one from 2000-01-01T00:00:00.000Z", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":"1999-12-31T23:59:59Z"}]"#, "time", "too early", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":-99999999999999999999}]"#, "time", "too early", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":1800000000000000}]"#, "time", "too late: expected one from", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":253402300800000}]"#, "time", "to 9999-12-31T23:59:59.999Z", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":99999999999999999999}]"#, "time", "from 946684800000 to 253402300799999", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":"1800000000000"}]"#, "time", "has no quotes", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":1.8e12}]"#, "time", "not whole", 41),
        (#"[{"id":"1","unit":"u","fact":"f","time":true}]"#, "time", "1769851800000", 41),
        (#"[{"id":"1","unit":"u","fact":"f","properties":[1]}]"#, "properties", "an object", 47),
        (#"[{"id":"1","unit":"u","fact":"f","properties":{"a":[[[[1]]]]}}]"#, "properties", "4 levels", 55),
        (#"[{"id":"1","unit":"u","fact":"f","properties":{"a":1,"b":2,"a":3}}]"#, "properties", "the member 'a' is there twice", 60),
        (#"[{"id":"1","unit":"u","fact":"f","properties":{"x":[{"a":1},{"a":1,"\u0061":2}]}}]"#, "properties", "the member 'a' is", 68),
        (#"[{"id":"1","unit":"u","fact":"f","properties":{"a":{"a":1},"b":0,"a":[]}}]"#, "properties", "the member 'a' is", 66),
        (#"[{"id":"1","unit":"u"}]"#, "fact", "missing", 2),
        (#"[{"id":"1","fact":"f"}]"#, "unit", "Device-Token", 2),
        (#"[{"id":"1","id":"1","unit":"u","fact":"f"}]"#, "id", "twice", 12),
        (#"[{"id":"\u0000","unit":"u","fact":"f"}]"#, nil, "zero character", 9),
        (#"[{"id":"\ud800","unit":"u","fact":"f"}]"#, nil, "surrogates", 9),
        (#"[{"id":"1","unit":"u","fact":"f"}"#, nil, "',' or ']'", 34),
        (#"[{"id":"1","unit":"u","fact":"f"}] 1"#, nil, "nothing after the array", 36),
        (#"{"id":"1"}"#, nil, "an array of events", 1),
        (#"[{"id":"1","unit":"u","fact":"f","value":01}]"#, nil, "leading zeros", 43),
        (#"[{"id":1,"unit":"u","fact":"f"}]"#, "id", "a string", 8),
        ("", nil, "an array of events", 1),
    ])
    func `A fault is told with its place`(_ body: String, member: String?, message: String, column: Int) {
        let found = faults(body)
        #expect(found.first?.member == member)
        #expect(found.first?.message.contains(message) == true, "\(found)")
        #expect(found.first?.column == column)
        #expect(found.first?.line == 1)
    }

    @Test func `The first and the last time that there may be are taken`() throws {
        let batch = try reader(unit: "u").array(
            Array(#"[{"id":"1","fact":"f","time":"2000-01-01T00:00:00Z"},{"id":"2","fact":"f","time":253402300799999}]"#.utf8))
        #expect(batch.events.map { $0.claimed ?? $0.time } == [EventClock.earliest, EventClock.latest])
        #expect(EventClock.latest.description == "9999-12-31T23:59:59.999Z")
    }

    @Test func `All faults of a batch are told, each with its event and line`() {
        let found = faults(
            """
            {"id":"1","unit":"u","fact":"f"}
            {"id":"2","unit":"u","fact":"f","value":true}
            {"id":"3"
            {"id":"4","unit":"u","fact":"f"} x
            """, lines: true)
        #expect(found.map(\.event) == [1, 2, 3])
        #expect(found.map(\.line) == [2, 3, 4])
        #expect(found.map(\.column) == [41, 10, 34])
    }

    @Test func `A unit that contradicts the header is refused`() {
        #expect(faults(#"[{"id":"1","unit":"other","fact":"f"}]"#, unit: "mine").first?.member == "unit")
    }

    @Test func `More events than a batch may have, and more faults than are told`() throws {
        var limits = EventLimits()
        limits.events = 3
        limits.faults = 2
        let event = #"{"id":"1","unit":"u","fact":"f"}"#
        let reader = reader(limits: limits)
        #expect(try reader.array(Array("[\(event),\(event),\(event)]".utf8)).events.count == 3)
        #expect(throws: EventRefusal.tooMany(limit: 3)) { try reader.array(Array("[\(event),\(event),\(event),\(event)]".utf8)) }
        #expect(throws: EventRefusal.tooMany(limit: 3)) {
            try reader.lines(Array([event, event, event, event].joined(separator: "\n").utf8))
        }
        do throws(EventRefusal) {
            _ = try reader.lines(Array("1\n2\n3".utf8))
            Issue.record("taken")
        } catch {
            guard case .faults(let faults, let areAll) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(faults.count == 2 && !areAll)
            #expect("\(error)".hasSuffix("; and more"))
        }
    }

    @Test func `Bytes that are no text, and nesting without end, are refused without harm`() throws {
        #expect(throws: EventRefusal.self) { try reader().array([0x5B, 0x22, 0xFF, 0x22, 0x5D]) }
        let deep = #"[{"id":"1","unit":"u","fact":"f","properties":{"a":"# + String(repeating: "[", count: 100_000)
        #expect(throws: EventRefusal.self) { try reader().array(Array(deep.utf8)) }
        let long = String(repeating: "x", count: 9000)
        #expect(faults(#"[{"id":"1","unit":"u","fact":"f","properties":{"a":"\#(long)"}}]"#).first?.message.contains("8192 bytes") == true)
        let many = (0..<65).map { #""k\#($0)":1"# }.joined(separator: ",")
        #expect(faults(#"[{"id":"1","unit":"u","fact":"f","properties":{\#(many)}}]"#).first?.message.contains("64 members") == true)
    }

    // Whatever the bytes are, the reader answers, and what it takes it would take again.
    @Test func `Damaged bodies are refused or read, and never end the process`() throws {
        var generator = SystemRandomNumberGenerator()
        let sound = Array(
            #"[{"id":"e-1","unit":"d","fact":"f","value":1.5,"time":"2027-01-15T07:59:59Z","properties":{"a":["\u00e9"]}}]"#.utf8)
        for _ in 0..<20_000 {
            var body = sound
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: body.indices, using: &generator)
                if Bool.random(using: &generator) { body[place] = .random(in: 0...255, using: &generator) } else { body.remove(at: place) }
            }
            if let batch = try? reader().array(body) { #expect(try reader().array(body) == batch) }
            _ = try? reader().lines(body)
        }
    }
}

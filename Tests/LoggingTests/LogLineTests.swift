import Glibc
import Logging
import Testing

@Suite struct LogLineTests {
    private func line(_ message: String, _ fields: [(name: String, value: LogValue)] = []) -> String {
        LogLine(
            level: .warning, label: "http", message: message, fields: fields, time: timespec(tv_sec: 1_795_177_805, tv_nsec: 7_000_000)
        ).json
    }

    @Test func `A line is one JSON object with its time in UTC`() {
        #expect(
            line("served", [("status", 200), ("seconds", 0.5), ("route", "/x"), ("slow", false)])
                == #"{"time":"2026-11-20T12:30:05.007Z","level":"warning","label":"http","message":"served","#
                + #""status":200,"seconds":0.5,"route":"/x","slow":false}"#
        )
    }

    @Test func `What a client sends cannot forge a second line`() {
        let forged = line("a\r\n{\"level\":\"error\"}\u{2028}\u{0}")
        #expect(forged.hasSuffix(#""message":"a\r\n{\"level\":\"error\"}\u2028\u0000"}"#))
    }

    @Test func `Numbers that JSON lacks become strings`() {
        #expect(line("x", [("ratio", .double(.nan))]).hasSuffix(#""ratio":"nan"}"#))
    }
}

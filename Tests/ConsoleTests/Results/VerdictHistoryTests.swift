import Analysis
import Console
import Enrollment
import Experiments
import Testing

@Suite struct VerdictHistoryTests {
    private func entry(_ time: Int64, _ action: String, _ before: String?, _ after: String) -> AuditEntry {
        AuditEntry(
            time: Timestamp(milliseconds: time), actor: "test", action: action, subject: "price", before: before, after: after)
    }

    private func decided(_ decision: String, by plan: String) -> String {
        #"{"decision":"\#(decision)","plan":"\#(VerdictRule(plan: plan).plan ?? "")","variant":null}"#
    }

    @Test func `Each verdict is of the plan that it names`() {
        let log = [
            entry(4, "verdict", nil, decided("do not ship", by: "b")), entry(3, "change plan", #"{"plan":"a"}"#, #"{"plan":"b"}"#),
            entry(2, "verdict", nil, decided("ship", by: "a")), entry(1, "verdict", nil, decided("invalid", by: "a")),
        ]
        let history = VerdictHistory(log, plan: "b")
        #expect(history.entries.map(\.time.milliseconds) == [4, 2, 1])
        #expect(history.last(by: "b")?.rule.decision == .doNotShip && history.last(by: "a")?.rule.decision == .ship)
        #expect(history.last(butBy: "b")?.time.milliseconds == 2 && history.last(butBy: "a")?.time.milliseconds == 4)
        #expect(history.last(by: "c") == nil && history.last(butBy: "c")?.time.milliseconds == 4)
    }

    @Test func `What was stored before verdicts named their plan is of the one that was in force`() {
        let log = [
            entry(6, "change plan", #"{"plan":"b"}"#, #"{"plan":"c"}"#),
            entry(5, "verdict", nil, #"{"decision":"do not ship","variant":null}"#),
            entry(4, "force value", #"{"plan":"b"}"#, #"{"plan":"b"}"#), entry(3, "change plan", #"{"plan":"a"}"#, #"{"plan":"b"}"#),
            entry(2, "verdict", nil, #"{"decision":"ship","variant":"x"}"#), entry(1, "change plan", "{}", #"{"plan":"a"}"#),
        ]
        let history = VerdictHistory(log, plan: "c")
        #expect(history.last(by: "c") == nil)
        #expect(history.last(by: "b")?.rule.decision == .doNotShip)
        #expect(history.last(by: "a")?.rule.decision == .ship && history.last(by: "a")?.rule.variant == "x")
        #expect(VerdictHistory(Array(log.dropFirst()), plan: "b").last(by: "b")?.rule == VerdictHistory(log, plan: "c").last(by: "b")?.rule)
    }
}

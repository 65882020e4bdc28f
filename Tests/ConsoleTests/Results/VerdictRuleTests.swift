import Analysis
import Console
import Experiments
import Testing

@Suite struct VerdictRuleTests {
    private func verdict(_ decision: Verdict.Decision, _ variant: String? = nil) -> Verdict {
        Verdict(decision: decision, variant: variant, text: "why", changes: "", moreUnits: nil, moreDays: nil)
    }

    @Test func `What an analysis for any look says first counts and stays`() {
        var rule = VerdictRule()
        #expect(rule.consider(verdict(.keepRunning)) == false)
        #expect(rule.consider(verdict(.ship, "b")) == true)
        for later in [verdict(.keepRunning), verdict(.doNotShip), verdict(.ship, "c")] { #expect(rule.consider(later) == false) }
        #expect(rule.decision == .ship && rule.variant == "b")
    }

    @Test func `Data that cannot be trusted replace everything, for as long as they last`() {
        var rule = VerdictRule()
        #expect(rule.consider(verdict(.doNotShip)) == true)
        #expect(rule.consider(verdict(.invalid)) == true)
        #expect(rule.consider(verdict(.invalid)) == false)
        #expect(rule.consider(verdict(.keepRunning)) == true)
        #expect(rule.consider(verdict(.ship, "b")) == true)
    }

    @Test func `What was stored is read again`() {
        var rule = VerdictRule()
        _ = rule.consider(verdict(.ship, #"a "quoted" \ value"#))
        #expect(VerdictRule(stored: rule.stored) == rule)
        var other = VerdictRule(plan: "facts: {}")
        #expect(other.stored.contains(#""plan":""#) && !rule.stored.contains("plan"))
        _ = other.consider(verdict(.ship, #"a "quoted" \ value"#))
        #expect(VerdictRule(stored: other.stored) == other && other != rule)
        #expect(VerdictRule(stored: "nothing") == nil)
        #expect(VerdictRule(stored: #"{"decision":"maybe"}"#) == nil)
    }
}

import Analysis
import Console
import Experiments
import Notifications
import Testing

@Suite struct AlarmRuleTests {
    @Test func `An alarm begins and ends, and what is doubtful changes nothing`() {
        var rule = AlarmRule("balance")
        #expect(!rule.consider(.sound("")) && !rule.consider(.doubtful("")) && !rule.isRaised)
        #expect(rule.consider(.alarming("off")) && rule.isRaised)
        #expect(!rule.consider(.alarming("further off")) && !rule.consider(.doubtful("")) && rule.isRaised)
        #expect(rule.check(.doubtful("so so")) == Check("balance", .failed, "so so"))
        #expect(rule.consider(.sound("right")) && !rule.isRaised)
        #expect(rule.check(.sound("right")).status == .passed)
    }

    @Test func `What was stored is read again, by its own name`() {
        var rule = AlarmRule(#"a "name""#)
        _ = rule.consider(.alarming("off"))
        #expect(AlarmRule(rule.name, stored: rule.stored) == rule)
        #expect(AlarmRule("other", stored: rule.stored) == nil)
        #expect(AlarmRule("other", stored: "nothing") == nil)
    }

    @Test func `People are told what is wrong, and that it is over`() throws {
        let key = try ExperimentKey("price")
        var rule = AlarmRule("balance")
        _ = rule.consider(.alarming("'5' has too many"))
        let begun = rule.notice(key, .alarming("'5' has too many"))
        #expect(begun.title == "price: alarm, balance" && begun.paragraphs.first == "'5' has too many")
        _ = rule.consider(.sound("all is well"))
        #expect(rule.notice(key, .sound("all is well")).title == "price: balance is as it should be again")
    }
}

import Console
import Enrollment
import Experiments
import Testing

@Suite struct AuditWordsTests {
    private func text(_ action: String, _ before: String? = nil, _ after: String? = nil, of subject: String = "x") -> String {
        AuditWords(
            AuditEntry(time: Timestamp(milliseconds: 0), actor: "ann", action: action, subject: subject, before: before, after: after)
        ).text
    }

    private let old = #"{"epochs":[{"allocation":[{"value":"a","weight":1},{"value":"b","weight":1}]}]}"#
    private let new = #"{"firstOrdinal":7,"epochs":[{"allocation":[]},{"allocation":[{"value":"a","weight":1},{"value":"c","weight":3}]}]}"#

    @Test func `Changes of experiments are sentences`() {
        #expect(text("create", nil, old) == "Created the draft: ‘a’ 50.0 %, ‘b’ 50.0 %.")
        #expect(text("create example", nil, new) == "Created it, and started it at device number 8: ‘a’ 25.0 %, ‘c’ 75.0 %.")
        #expect(text("start", old, new) == "Started it at device number 8: ‘a’ 25.0 %, ‘c’ 75.0 %.")
        #expect(text("change variants", old, new) == "Changed the weights from ‘a’ 50.0 %, ‘b’ 50.0 % to ‘a’ 25.0 %, ‘c’ 75.0 %.")
        #expect(text("finish", old, #"{"winner":"a"}"#) == "Finished it with the winner ‘a’.")
        #expect(text("finish", old, "{}") == "Finished it without a winner.")
        #expect(
            text("edit", #"{"summary":"a","plan":"x"}"#, #"{"summary":"b","plan":"x","targeting":{"a":1}}"#)
                == "Edited the draft: hypothesis, conditions.")
        #expect(text("create", nil, #"{"name":"global","percent":5}"#) == "Made it: name \"global\"; percent 5.")
        #expect(text("change plan", "{}", #"{"plan":"x"}"#) == "Wrote a plan.")
        #expect(text("change plan", #"{"plan":"x"}"#, "{}") == "Took the plan away.")
        #expect(text("change plan", #"{"plan":"x"}"#, #"{"plan":"y"}"#) == "Changed the plan.")
        #expect(
            text("verdict", #"{"decision":"keep running","variant":null}"#, #"{"decision":"ship","variant":"b"}"#)
                == "The verdict became “ship ‘b’”; it was “keep running”.")
        #expect(
            text("verdict", nil, #"{"decision":"ship","plan":"0123456789abcdef","variant":"b"}"#)
                == "The verdict became “ship ‘b’”. It is about the plan 01234567….")
    }

    @Test func `Forced values are told by the value and the device's hash`() {
        let one = #"{"unit":"0123456789abcdef","value":"new"}"#
        let (two, gone) = (#"{"unit":"fedcba9876543210","value":"old"}"#, #"{"unit":"fedcba9876543210"}"#)
        #expect(
            text("force value", #"{"forcedUnits":[\#(one)]}"#, #"{"forcedUnits":[\#(one),\#(two)]}"#)
                == "Gave the device of a tester (fedcba98…) the value ‘old’; it counts for nothing.")
        #expect(
            text("release value", #"{"forcedUnits":[\#(one),\#(two)]}"#, #"{"forcedUnits":[\#(one),\#(gone)]}"#)
                == "Gave the device of a tester (fedcba98…) what it is dealt again.")
    }

    @Test func `What was forgotten, kept or taken out is told without a name`() {
        let stays = "stays counted, under"
        #expect(text("forget", of: "unit 0123abcd") == "Forgot this device. What it was dealt \(stays) a name that nobody knows.")
        #expect(
            text("forget", of: "person 0123abcd")
                == "Forgot this person, and which devices were theirs. What the devices were dealt \(stays) names that nobody knows.")
        #expect(text("back up", of: "copy.db") == "Made a backup.")
        #expect(text("delete", #"{"name":"global","percent":5}"#) == "Took it out: nobody was in it.")
        #expect(text("delete", old) == "Threw the draft away.")
    }

    @Test func `What differs behind what is shown is told all the same`() {
        let long = String(repeating: "x", count: 200)
        let told = text("move house", #"{"a":["\#(long)1"],"b":[1]}"#, #"{"a":["\#(long)2"],"b":[1]}"#)
        #expect(told.hasPrefix("Move house: a [\"xxx") && told.hasSuffix("x….") && !told.contains("b ["))
    }

    @Test func `What is not known by name is told member by member`() {
        #expect(text("move house", #"{"a":1,"b":"x"}"#, #"{"a":2,"c":true}"#) == #"Move house: a 1 → 2; no b any more ("x"); c true."#)
        #expect(text("start", "nonsense", "[1]") == "Started it: ….")
    }
}

import Experiments
import Foundation
import Testing

@Suite struct TargetingTests {
    private func targeting(_ json: String) throws -> Targeting { try JSONDecoder().decode(Targeting.self, from: Data(json.utf8)) }

    private func attributes(_ json: String) throws -> Attributes {
        try Attributes(JSONDecoder().decode([String: AttributeValue].self, from: Data(json.utf8)))
    }

    @Test(arguments: [
        (#"{"country":"DE"}"#, #"{"country":"DE"}"#, true), (#"{"country":"DE"}"#, #"{"country":"AT"}"#, false),
        (#"{"country":["DE","AT"]}"#, #"{"country":"AT"}"#, true), (#"{"country":["DE","AT"]}"#, "{}", false),
        (#"{"country":{"not":"DE"}}"#, #"{"country":"AT"}"#, true), (#"{"country":{"not":["DE","AT"]}}"#, #"{"country":"AT"}"#, false),
        (#"{"country":{"not":"DE"}}"#, "{}", false), (#"{"premium":true}"#, #"{"premium":true}"#, true),
        (#"{"premium":true}"#, #"{"premium":"true"}"#, false), (#"{"age":{"at least":18}}"#, #"{"age":18}"#, true),
        (#"{"age":{"more than":18}}"#, #"{"age":18}"#, false), (#"{"age":{"at least":18,"less than":65}}"#, #"{"age":64.5}"#, true),
        (#"{"age":{"at least":18,"less than":65}}"#, #"{"age":65}"#, false), (#"{"age":{"at most":18}}"#, #"{"age":"18"}"#, false),
        (#"{"app":{"at least":"4.2.0"}}"#, #"{"app":"4.10"}"#, true), (#"{"app":{"at least":"4.2.0"}}"#, #"{"app":"4.2.0-beta"}"#, false),
        (#"{"app":{"at least":"4.2.0"}}"#, #"{"app":"new"}"#, false), (#"{"app":{"less than":"5"}}"#, #"{"app":4}"#, false),
        (#"{"email":{"exists":true}}"#, #"{"email":"a@b"}"#, true), (#"{"email":{"exists":false}}"#, "{}", true),
        (#"{"email":{"exists":false}}"#, #"{"email":"a@b"}"#, false),
        (#"{"country":"DE","age":{"at least":18}}"#, #"{"country":"DE","age":17}"#, false),
        (#"{"country":"DE","age":{"at least":18}}"#, #"{"country":"DE","age":19,"other":1}"#, true),
    ]) func `all conditions must hold, and what is not known holds for nothing`(_ whom: String, _ unit: String, _ expected: Bool) throws {
        #expect(try targeting(whom).matches(attributes(unit)) == expected)
        let stored = try JSONEncoder().encode(targeting(whom))
        #expect(try JSONDecoder().decode(Targeting.self, from: stored) == targeting(whom))
    }

    @Test(arguments: [
        ("{}", "1 to 32"), (#"{"a":{}}"#, "empty"), (#"{"a":[]}"#, "1 to 1000"), (#"{"a":null}"#, ""), (#"{"a":[[1]]}"#, "text"),
        (#"{"a":{"above":1}}"#, "at least"), (#"{"a":{"at least":true}}"#, "version"), (#"{"a":{"at least":"new"}}"#, "version"),
        (#"{"a":{"not":1,"exists":true}}"#, "alone"), (#"{"a":{"not":[]}}"#, "1 to 1000"), (#"{"":1}"#, "1 to 64"),
    ]) func `conditions that say nothing are refused with why`(_ json: String, _ says: String) {
        #expect {
            try targeting(json)
        } throws: { error in
            says.isEmpty || "\(error)".contains(says)
        }
    }

    @Test(arguments: [
        (#"{"a":{"at least":1,"at most":0}}"#, "nothing is both at least 1 and at most 0, so it would be for nobody"),
        (#"{"a":{"more than":1.5,"at most":1.5}}"#, "nothing is both at most 1.5 and more than 1.5, so it would be for nobody"),
        (#"{"a":{"at least":2,"less than":2}}"#, "nothing is both at least 2 and less than 2, so it would be for nobody"),
        (#"{"a":{"more than":2,"less than":2}}"#, "nothing is both less than 2 and more than 2, so it would be for nobody"),
        (
            #"{"a":{"at least":"4.10","less than":"4.9"}}"#,
            #"nothing is both at least "4.10" and less than "4.9", so it would be for nobody"#
        ),
        (#"{"a":{"at least":1,"less than":"4.9"}}"#, #"nothing is both at least 1 and less than "4.9", so it would be for nobody"#),
        (#"{"a":{"at least":1,"at most":1}}"#, nil), (#"{"a":{"at least":"4.2","at most":"4.2.0"}}"#, nil),
        (#"{"a":{"more than":1,"less than":1.1}}"#, nil), (#"{"a":{"at least":3,"more than":1}}"#, nil), (#"{"a":{"at most":0}}"#, nil),
        (#"{"a":[1,2]}"#, nil),
    ]) func `conditions that nobody can meet are told, and read where they are stored`(_ json: String, _ why: String?) throws {
        #expect(try targeting(json).tests["a"]?.contradiction == why)
    }

    @Test func `attributes have limits, which other people's clients need not know`() throws {
        let many = Dictionary(uniqueKeysWithValues: (0..<65).map { ("a\($0)", AttributeValue.number(Double($0))) })
        #expect(throws: AttributeError.tooMany(65)) { try Attributes(many) }
        #expect(Attributes(fitting: many).values.count == 64)
        let long = AttributeValue.text(String(repeating: "x", count: 257))
        #expect(throws: AttributeError.textTooLong(name: "a")) { try Attributes(["a": long]) }
        #expect(throws: AttributeError.invalidName("")) { try Attributes(["": .boolean(true)]) }
        #expect(Attributes(fitting: ["a": long, "": .boolean(true), "b": .boolean(false)]).values == ["b": .boolean(false)])
    }
}

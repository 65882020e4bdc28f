/// Whom an experiment is for: conditions on attributes, all of which must hold.
///
/// They are looked at once, with what is known at a device's first contact; what came of it is for ever.
package struct Targeting: Hashable, Sendable {
    /// What each attribute must be.
    package let tests: [String: AttributeTest]

    /// The most attributes that an experiment may ask about.
    package static let mostTests = 32

    /// Conditions by attribute.
    package init(_ tests: [String: AttributeTest]) { self.tests = tests }

    /// Whether a unit of which this is known is meant.
    package func matches(_ attributes: Attributes) -> Bool {
        tests.allSatisfy { name, test in test.holds(attributes.values[name]) }
    }
}

extension Targeting: Codable {
    /// Reads an object of conditions by attribute.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AttributeName.self)
        guard (1...Targeting.mostTests).contains(container.allKeys.count) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: container.codingPath, debugDescription: "expected conditions on 1 to \(Targeting.mostTests) attributes"))
        }
        var tests: [String: AttributeTest] = [:]
        for name in container.allKeys {
            guard Attributes.allows(name.stringValue) else {
                throw DecodingError.dataCorruptedError(
                    forKey: name, in: container, debugDescription: "\(AttributeError.invalidName(name.stringValue))")
            }
            tests[name.stringValue] = try container.decode(AttributeTest.self, forKey: name)
        }
        self.tests = tests
    }

    /// Writes what is read as the same.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AttributeName.self)
        for (name, test) in tests { try container.encode(test, forKey: AttributeName(name)) }
    }
}

/// A unit, usually a tester's device, that an operator gave a value of an experiment.
package struct ForcedUnit: Hashable, Sendable, Codable {
    /// What stands for the unit's token: its keyed fingerprint as 32 hexadecimal digits.
    package let unit: String
    /// The value it is given; nil for a unit that is given what it is dealt again, and still counts for nothing.
    package let value: String?

    package init(unit: String, value: String?) {
        self.unit = unit
        self.value = value
    }
}

/// The values that a unit is given whatever it is dealt, by experiment.
package typealias ForcedValues = [ExperimentKey: String]

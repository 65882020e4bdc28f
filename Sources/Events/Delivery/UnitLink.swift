package import Experiments

/// Whose a unit is, from the registry's own record.
package struct UnitLink: Sendable, Hashable {
    /// Its place in the order of links, from 1.
    package let number: Int64
    /// The device's token.
    package let unit: String
    package let person: String
    package let time: Timestamp

    package init(number: Int64, unit: String, person: String, time: Timestamp) {
        self.number = number
        self.unit = unit
        self.person = person
        self.time = time
    }
}

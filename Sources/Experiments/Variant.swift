/// One option of an experiment: the value that clients are given, and its weight among the others.
package struct Variant: Hashable, Sendable, Codable {
    /// What the client receives; it also names the variant within its experiment.
    package let value: String
    /// The relative weight: three times 33.3 means thirds.
    package let weight: Double

    /// The longest value, in bytes of UTF-8.
    package static let maximumLength = 1024

    /// A variant; ``Allocation`` checks it.
    package init(_ value: String, weight: Double) {
        self.value = value
        self.weight = weight
    }

    var hasValidValue: Bool {
        (1...Variant.maximumLength).contains(value.utf8.count)
            && value.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}

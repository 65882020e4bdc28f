/// A pilot: two groups that went on as ever, and one that was treated.
package struct EffectTest: Sendable, Hashable {
    package var a1: [Int]
    package var a2: [Int]
    package var b: [Int]

    package init(a1: [Int], a2: [Int], b: [Int]) {
        self.a1 = a1
        self.a2 = a2
        self.b = b
    }

    /// The names of the groups in JSON.
    static let keys = ["group_a_one", "group_a_two", "group_b"]
}

/// Why a test cannot be read or be answered.
package enum EffectTestError: Error, Sendable, Hashable {
    /// The text is not what was expected at a place.
    case malformed(place: String, expected: String)
    case emptyGroup(String)
    /// Customers are in the treated group and in one that was not.
    case overlap(count: Int, example: Int)
}

extension EffectTestError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let place, let expected): "\(place): expected \(expected)"
        case .emptyGroup(let group): "the group \(group) is empty"
        case .overlap(let count, let example):
            "\(count) \(count == 1 ? "customer is" : "customers are") in group_b and in a group A, among them \(example); nobody can be both"
        }
    }
}

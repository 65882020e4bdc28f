/// Why an experiment, or a change to one, is refused.
///
/// `description` tells a person what to do instead.
package enum ExperimentError: Error, Hashable, Sendable {
    /// The key breaks the rule of ``ExperimentKey``.
    case invalidKey(String)
    /// An experiment of this key exists already; keys are never used twice.
    case duplicateKey(ExperimentKey)
    /// There is no experiment of this key.
    case unknownKey(ExperimentKey)
    /// Fewer than 2 or more than 100 variants.
    case variantCount(Int)
    /// A variant's value is empty, too long, or has control characters.
    case invalidValue(index: Int)
    /// Two variants have the same value.
    case duplicateValue(String)
    /// A weight is not positive and finite.
    case invalidWeight(value: String, weight: Double)
    /// The weights are exact only over blocks that are too large.
    case weightsTooFine(blockSize: UInt64?, limit: UInt64)
    /// The experiment's state does not allow the change.
    case wrongState(ExperimentKey, state: ExperimentState, change: String)
    /// The winner was never a variant of the experiment.
    case unknownWinner(ExperimentKey, value: String)
}

extension ExperimentError: CustomStringConvertible {
    /// One sentence for a person.
    package var description: String {
        switch self {
        case .invalidKey(let text):
            "The key '\(text.prefix(80))' is not allowed: use 1 to \(ExperimentKey.maximumLength) of the characters A-Z a-z 0-9 . _ -"
        case .duplicateKey(let key):
            "There is an experiment '\(key)' already; a key is never used twice, so choose another."
        case .unknownKey(let key):
            "There is no experiment '\(key)'."
        case .variantCount(let count):
            "An experiment has \(Allocation.variantCounts.lowerBound) to \(Allocation.variantCounts.upperBound) variants, not \(count)."
        case .invalidValue(let index):
            "The value of variant \(index + 1) must have 1 to \(Variant.maximumLength) bytes and no control characters."
        case .duplicateValue(let value):
            "Two variants have the value '\(value)'; each value stands for one variant."
        case .invalidWeight(let value, let weight):
            "The weight \(weight) of '\(value)' must be a positive, finite number. To close a variant to new devices, leave it out."
        case .weightsTooFine(let size, let limit):
            "These weights are exact only over blocks of \(size.map(String.init) ?? "more than 2^64") devices; at most \(limit) are allowed, "
                + "so write them with fewer digits."
        case .wrongState(let key, let state, let change):
            "Experiment '\(key)' is \(state.rawValue), so it cannot be \(change)."
        case .unknownWinner(let key, let value):
            "'\(value)' was never a variant of experiment '\(key)', so it cannot win."
        }
    }
}

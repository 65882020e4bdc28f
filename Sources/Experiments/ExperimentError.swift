import Text

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
    /// The winner is no variant that devices of the experiment were or are dealt.
    case unknownWinner(ExperimentKey, value: String)
    /// A layer of this name exists already.
    case duplicateLayer(ExperimentKey)
    /// There is no layer of this name.
    case unknownLayer(ExperimentKey)
    /// A layer cannot have so many slots.
    case slotCount(Int)
    /// An experiment cannot have so many slots of a layer.
    case slotShare(Int, layer: ExperimentKey, slots: UInt64)
    /// Other experiments have the slots.
    case noRoom(layer: ExperimentKey, wanted: Int, free: Int)
    /// A holdout of this name exists already.
    case duplicateHoldout(ExperimentKey)
    /// There is no holdout of this name.
    case unknownHoldout(ExperimentKey)
    /// The percentage is none, or is exact only over blocks that are too large.
    case holdoutShare(Double)
    /// The holdout was released, which is for ever.
    case releasedHoldout(ExperimentKey)
    /// An experiment or a layer is, or was, in what was to be taken out.
    case inUse(ExperimentKey, by: ExperimentKey)
    /// The experiment is in a layer, whose holdout is its own.
    case holdoutOfLayer(ExperimentKey)
    /// The forced value is none of the experiment's.
    case unknownForcedValue(ExperimentKey, value: String)
    /// More units are forced than an experiment may have.
    case tooManyForced(ExperimentKey)
    /// The unit is not forced.
    case notForced(ExperimentKey)
    /// There is no plan to take away.
    case noPlan(ExperimentKey)
}

extension ExperimentError: CustomStringConvertible {
    /// One sentence for a person.
    package var description: String {
        switch self {
        case .invalidKey(""):
            "A key is missing: choose one of 1 to \(ExperimentKey.maximumLength) of the characters A-Z a-z 0-9 . _ -"
        case .invalidKey("."), .invalidKey(".."):
            "Dots alone cannot be a key: they would mean another place in an address."
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
            "The weight \(Figures.brief(weight)) of '\(value)' must be a positive, finite number. To close a variant to new devices, leave it out."
        case .weightsTooFine(let size, let limit):
            "These weights are exact only over blocks of \(size.map(String.init) ?? "more than 2^64") devices; at most \(limit) are allowed, "
                + "so write them with fewer digits."
        case .wrongState(let key, let state, let change):
            "Experiment '\(key)' is \(state.words), so it cannot be \(change)."
        case .unknownWinner(let key, let value):
            "'\(value)' is no variant that devices of experiment '\(key)' were or are dealt, so it cannot win."
        case .duplicateLayer(let name):
            "There is a layer '\(name)' already; choose another name."
        case .unknownLayer(let name):
            "There is no layer '\(name)'."
        case .slotCount(let count):
            "A layer has \(Layer.slotCounts.lowerBound) to \(Layer.slotCounts.upperBound) slots, not \(count)."
        case .slotShare(let count, let layer, let slots):
            "An experiment of the layer '\(layer)' has 1 to \(slots) slots, not \(count)."
        case .noRoom(let layer, let wanted, let free):
            "The layer '\(layer)' has \(free) free slots, fewer than \(wanted); finish an experiment of it first, or ask for fewer."
        case .duplicateHoldout(let name):
            "There is a holdout '\(name)' already; choose another name."
        case .unknownHoldout(let name):
            "There is no holdout '\(name)'."
        case .holdoutShare(let percent):
            "A holdout keeps a percentage above 0 and below 100 that is exact over a block of at most 128 devices, such as 5, 10 or 12.5; "
                + "\(Figures.brief(percent)) is not."
        case .releasedHoldout(let name):
            "The holdout '\(name)' was released, which is for ever: it keeps nobody out of anything new. Make another one, under another name."
        case .inUse(let name, let user):
            "'\(name)' cannot be taken out: '\(user)' is or was in it, and what devices got must stay explained."
        case .holdoutOfLayer(let layer):
            "The experiment is in the layer '\(layer)', whose holdout is its own too; leave 'holdout' out."
        case .unknownForcedValue(let key, let value):
            "'\(value)' is no variant of experiment '\(key)', so it cannot be forced."
        case .tooManyForced(let key):
            "Experiment '\(key)' has \(Experiment.mostForced) forced devices already; they are for testers, so release some."
        case .notForced(let key):
            "The device has no forced value in experiment '\(key)'."
        case .noPlan(let key):
            "The experiment '\(key)' has no plan."
        }
    }
}

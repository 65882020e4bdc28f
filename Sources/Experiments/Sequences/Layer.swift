package import Randomization

/// A division of devices among experiments that must not meet: each device has one slot of it, and each slot one experiment at a time.
///
/// The layer deals its slots in permuted blocks, so an experiment has exactly its share of every block, and its own variants are dealt over
/// the devices that are really in it. Nothing is stored of a device: its slot follows from its ordinal.
package struct Layer: Hashable, Sendable, Codable {
    /// The name by which experiments ask for slots of it.
    package let name: ExperimentKey
    /// What people should know about it.
    package let summary: String
    /// Orders the blocks; never shown.
    let secret: Experiment.Secret
    /// How many slots there are, which is also the size of a block.
    package let slots: UInt64
    /// The holdout whose devices are in none of its experiments.
    package let holdout: ExperimentKey?
    /// When it was made.
    package let created: Timestamp

    /// How many slots a layer may have.
    package static let slotCounts = 2...Int(PermutedSlots.largestBlock)

    /// A layer of the given number of slots.
    package init(
        name: ExperimentKey, summary: String = "", slots: Int = 100, holdout: ExperimentKey? = nil, secret: SecretKey = .random(),
        created: Timestamp
    ) throws(ExperimentError) {
        guard Layer.slotCounts.contains(slots) else { throw .slotCount(slots) }
        self.name = name
        self.summary = summary
        self.secret = Experiment.Secret(key: secret)
        self.slots = UInt64(slots)
        self.holdout = holdout
        self.created = created
    }

    /// All slots, as they are dealt.
    func slots(dealing: UInt64) -> PermutedSlots { PermutedSlots(0..<slots, of: slots, key: secret.key, dealing: dealing) }
}

/// The slots of a layer that an experiment has, for ever; when it is finished, another may have them too.
package struct LayerSlots: Hashable, Sendable, Codable {
    /// The layer's name.
    package let layer: ExperimentKey
    /// Which slots, from 0, in ascending order.
    package let slots: [UInt64]
    /// How many slots the layer has.
    package let of: UInt64
}

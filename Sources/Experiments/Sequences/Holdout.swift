package import Randomization

/// A share of devices that is kept out of experiments, so that what all of them together have done can be seen.
///
/// It is dealt in permuted blocks like a layer, and lies around layers and experiments: their sequences number only the devices that are not
/// held out, so that they stay exact. It ends when it is released: see ``HoldoutRelease``.
package struct Holdout: Hashable, Sendable, Codable {
    /// The name by which layers and experiments say that they are under it.
    package let name: ExperimentKey
    /// What people should know about it.
    package let summary: String
    /// Orders the blocks; never shown.
    let secret: Experiment.Secret
    /// The percentage of devices that is held out.
    package let percent: Double
    /// How many devices of a block are held out.
    package let held: UInt64
    /// The size of a block.
    package let blockSize: UInt64
    /// When it was made.
    package let created: Timestamp
    /// When its devices were let go; nil as long as they are held out, and in what was stored before holdouts could end.
    package private(set) var released: Release?

    /// The moment at which a holdout ended.
    package struct Release: Hashable, Sendable, Codable {
        /// The ordinal that was next: experiments that had nobody by then are for everybody.
        package let ordinal: Ordinal
        /// When that was.
        package let time: Timestamp
    }

    /// A holdout of a percentage that is exact over a block of at most 128 devices: 5 % is 1 of 20.
    package init(
        name: ExperimentKey, summary: String = "", percent: Double, secret: SecretKey = .random(), created: Timestamp
    ) throws(ExperimentError) {
        let shares: WholeShares
        do throws(WholeShares.Failure) {
            shares = try WholeShares(weights: [percent, 100 - percent], limit: PermutedSlots.largestBlock)
        } catch {
            throw .holdoutShare(percent)
        }
        self.name = name
        self.summary = summary
        self.secret = Experiment.Secret(key: secret)
        self.percent = percent
        held = shares.counts[0]
        blockSize = shares.total
        self.created = created
    }

    /// Lets its devices go, for ever.
    mutating func release(at next: Ordinal, now: Timestamp) throws(ExperimentError) {
        guard released == nil else { throw .releasedHoldout(name) }
        released = Release(ordinal: next, time: now)
    }

    /// The positions that are not held out.
    var rest: PermutedSlots { PermutedSlots(held..<blockSize, of: blockSize, key: secret.key) }
}

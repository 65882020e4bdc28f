import Randomization

/// What the release of a holdout means, and for whom: worked out before it is done, so that whoever does it knows.
///
/// It is the one act by which an answer changes that was given before, and only so: a device that was held out is given the winners of
/// finished experiments that are not newer than it. Experiments that have devices go on without those who are held out, so that they stay
/// exact and comparable, and give them their winner when they are finished. Experiments that have nobody yet are for everybody who comes.
package struct HoldoutRelease: Hashable, Sendable {
    /// A finished experiment's winner, and how many of those who are held out it is for.
    package struct Winner: Hashable, Sendable {
        package let key: ExperimentKey
        package let value: String
        /// Nil where it is not known without looking at each device: where the experiment is targeted, and in a layer.
        package let devices: UInt64?
    }

    /// The holdout.
    package let holdout: Holdout
    /// How many devices it has.
    package let devices: UInt64
    /// What they are given, the oldest experiment first.
    package let winners: [Winner]
    /// The experiments that go on without them.
    package let running: [ExperimentKey]
    /// The experiments that will be for devices like them, once they start or somebody comes.
    package let coming: [ExperimentKey]

    /// What one has seen who has seen this: other winners or other experiments make another, more devices do not.
    package var sight: String {
        let names = winners.map { "\($0.key)=\($0.value)" } + ["running"] + running.map(\.text) + ["coming"] + coming.map(\.text)
        return TextDigest(of: "\(holdout.name)\n\(names.joined(separator: "\n"))").text
    }
}

extension Assigner {
    /// What a holdout's release means for the devices below an ordinal; of one that was released, what it meant or means by now.
    package func release(of name: ExperimentKey, below next: Ordinal) throws(ExperimentError) -> HoldoutRelease {
        let holdout = try catalogue.holdout(name)
        let under = dealers.filter { $0.experiment.holdout == name }
        let end = holdout.released?.ordinal ?? next
        let (old, new) = (
            under.filter { ($0.experiment.firstOrdinal ?? .max) < end }, under.filter { ($0.experiment.firstOrdinal ?? .max) >= end }
        )
        return HoldoutRelease(
            holdout: holdout, devices: end - holdout.rest.rank(of: end),
            winners: old.compactMap { dealer in
                guard let first = dealer.experiment.firstOrdinal, let value = dealer.experiment.winner else { return nil }
                return .init(key: dealer.experiment.key, value: value, devices: dealer.sequence.keptOut(first..<max(first, next)))
            },
            running: old.map(\.experiment).filter { $0.state != .finished }.map(\.key),
            coming: new.map(\.experiment).filter { $0.state != .finished }.map(\.key))
    }
}

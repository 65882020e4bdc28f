/// A catalogue made ready for serving: a device's ordinal in, its answer out.
///
/// Immutable, so any number of threads may ask at once; a change to the catalogue makes a new one.
public struct Assigner: Sendable {
    /// The experiments as they were when this was made.
    public let catalogue: Catalogue
    /// One dealer for each experiment, in the catalogue's order.
    public let dealers: [Dealer]
    private let served: [Served]

    /// An experiment that can have something to serve, with its answers written out beforehand.
    private struct Served: Sendable {
        let dealer: Dealer
        let first: Ordinal
        /// `"key":"value"` as JSON for each epoch and variant.
        let members: [[[UInt8]]]
        let winner: [UInt8]?
    }

    /// Prepares a catalogue.
    ///
    /// O(experiments × epochs × variants).
    public init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
        dealers = catalogue.experiments.map(Dealer.init)
        served = dealers.compactMap { dealer in
            let experiment = dealer.experiment
            guard let first = experiment.firstOrdinal, experiment.state != .finished || experiment.winner != nil else { return nil }
            let member = { (value: String) in JSONText.quoted(experiment.key.text) + [UInt8(ascii: ":")] + JSONText.quoted(value) }
            return Served(
                dealer: dealer, first: first, members: experiment.epochs.map { $0.allocation.variants.map { member($0.value) } },
                winner: experiment.winner.map(member))
        }
    }

    /// Appends what the device of an ordinal is answered: a JSON object of experiment keys and values, `{}` for a device in none.
    ///
    /// O(experiments); allocates nothing beyond the growth of `answer`.
    public func appendAnswer(for ordinal: Ordinal, to answer: inout [UInt8]) {
        answer.append(UInt8(ascii: "{"))
        var isFirst = true
        for one in served where ordinal >= one.first {
            let member: [UInt8]
            if let winner = one.winner {
                member = winner
            } else if let dealt = one.dealer.deal(ordinal) {
                member = one.members[dealt.epoch][dealt.variant]
            } else {
                continue
            }
            if !isFirst { answer.append(UInt8(ascii: ",")) }
            isFirst = false
            answer.append(contentsOf: member)
        }
        answer.append(UInt8(ascii: "}"))
    }

    /// What the device of an ordinal is served: the keys and values of ``appendAnswer(for:to:)``.
    public func values(for ordinal: Ordinal) -> [(key: ExperimentKey, value: String)] {
        dealers.compactMap { dealer in dealer.placement(of: ordinal).value.map { (dealer.experiment.key, $0) } }
    }

    /// The dealer of an experiment.
    public func dealer(_ key: ExperimentKey) throws(ExperimentError) -> Dealer {
        guard let dealer = dealers.first(where: { $0.experiment.key == key }) else { throw .unknownKey(key) }
        return dealer
    }
}

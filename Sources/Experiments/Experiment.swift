package import Randomization

/// What an experiment is doing.
package enum ExperimentState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Prepared, unknown to every device.
    case draft
    /// Admitting new devices.
    case running
    /// Admitting nobody, serving those who are in.
    case paused
    /// Over: no device is served, or everyone eligible gets the winner.
    case finished

    /// As a sentence goes on after *it is*.
    package var words: String { self == .draft ? "a draft" : rawValue }
}

/// A question put to devices: variants with weights, and the record of which ordinals were dealt under which of them.
///
/// The value decides everything about assignment and does no I/O: a device's variant is a function of the experiment's secret, the epoch
/// and the device's ordinal. Changes are methods that say why they are refused; each takes the ordinal that is next and the present time.
package struct Experiment: Hashable, Sendable, Codable {
    /// The name clients know it by.
    package let key: ExperimentKey
    /// What people should know about it.
    package let summary: String
    /// Orders the blocks; never shown.
    let secret: Secret
    /// What it is doing.
    package private(set) var state: ExperimentState = .draft
    /// The allocations, from the first to the one in force.
    package private(set) var epochs: [Epoch]
    /// The ordinal that was next when it was started: devices below it are older and know nothing of it.
    package private(set) var firstOrdinal: Ordinal?
    /// The value that everyone eligible gets since it was finished.
    package private(set) var winner: String?
    /// What is to be known of it, as text; see ``LivePlan``.
    package private(set) var plan: String?
    /// The slots of a layer that it has, if it is in one.
    package internal(set) var layer: LayerSlots?
    /// The holdout whose devices are not in it.
    package internal(set) var holdout: ExperimentKey?
    /// Whom it is for; nil for everybody.
    package let targeting: Targeting?
    /// Numbers the sequence of those whom it is for, among all that there ever were.
    package internal(set) var targetSequence: UInt32?
    /// Nil in what was stored before there were any.
    private var forcedUnits: [ForcedUnit]?
    /// When the draft was made.
    package let created: Timestamp
    /// When it was started.
    package private(set) var started: Timestamp?
    /// When it was finished.
    package private(set) var finished: Timestamp?

    /// A draft.
    package init(
        key: ExperimentKey, summary: String = "", allocation: Allocation, targeting: Targeting? = nil, secret: SecretKey = .random(),
        created: Timestamp
    ) {
        self.key = key
        self.summary = summary
        self.secret = Secret(key: secret)
        self.created = created
        self.targeting = targeting
        self.epochs = [Epoch(allocation: allocation, decided: created)]
    }

    /// The allocation in force, or next to be in force.
    package var allocation: Allocation { epochs[epochs.count - 1].allocation }

    /// Every value that was a variant while devices came, or is one now, the oldest first.
    package var values: [String] {
        var seen: Set<String> = []
        return epochs.flatMap(\.allocation.variants).map(\.value).filter { seen.insert($0).inserted }
    }

    /// Whether a newcomer whom it is for joins its sequence: from its start on, as long as the device may come to have a value by that.
    ///
    /// A device that comes during a pause joins too. It is in no span, so it is never dealt a variant, but the winner will be for it.
    var takesMembers: Bool { targeting != nil && firstOrdinal != nil && (state != .finished || winner != nil) }

    // MARK: Changes

    /// Begins to admit devices, from the next ordinal on.
    package mutating func start(at next: Ordinal, now: Timestamp) throws(ExperimentError) {
        try require([.draft], change: "started")
        firstOrdinal = next
        started = now
        state = .running
        epochs[epochs.count - 1].open(at: next)
    }

    /// Admits nobody new; those who are in keep their values.
    package mutating func pause(at next: Ordinal) throws(ExperimentError) {
        try require([.running], change: "paused")
        state = .paused
        epochs[epochs.count - 1].close(at: next)
    }

    /// Admits new devices again, from the next ordinal on; devices first seen during the pause are never in.
    package mutating func resume(at next: Ordinal) throws(ExperimentError) {
        try require([.paused], change: "resumed")
        state = .running
        epochs[epochs.count - 1].open(at: next)
    }

    /// Deals future devices by other weights or variants; nobody who has a value loses it.
    ///
    /// Variants that are missing from the new allocation are closed to new devices; variants that are new are added.
    package mutating func reallocate(_ allocation: Allocation, at next: Ordinal, now: Timestamp) throws(ExperimentError) {
        try require([.draft, .running, .paused], change: "given other weights")
        let current = epochs.count - 1
        let running = state == .running
        if running { epochs[current].close(at: next) }
        // An epoch that admitted nobody leaves no trace; nothing was dealt under its number, so the next may have it.
        if epochs[current].spans.isEmpty { epochs.removeLast() }
        epochs.append(Epoch(allocation: allocation, decided: now))
        if running { epochs[epochs.count - 1].open(at: next) }
        // A draft's former values are gone with its epoch.
        if let forced = forcedUnits {
            let values = values
            forcedUnits = forced.filter { $0.value.map(values.contains) ?? true }
        }
    }

    // MARK: Forced values

    /// The units that are given a value whatever they are dealt, or once were: none of them counts.
    package var forced: [ForcedUnit] { forcedUnits ?? [] }

    /// How many units may be forced.
    package static let mostForced = 1000

    /// Gives a unit a value from now on, whatever it is dealt, and leaves it out of all that is counted.
    package mutating func force(_ unit: String, to value: String) throws(ExperimentError) {
        try require([.draft, .running, .paused], change: "forced on anybody")
        guard values.contains(value) else { throw .unknownForcedValue(key, value: value) }
        var units = forced.filter { $0.unit != unit }
        guard units.count < Experiment.mostForced else { throw .tooManyForced(key) }
        units.append(ForcedUnit(unit: unit, value: value))
        forcedUnits = units
    }

    /// The same with another's forced units, as far as their values are its own.
    func forcing(_ units: [ForcedUnit]) -> Experiment {
        var experiment = self
        let values = values
        experiment.forcedUnits = units.filter { $0.value.map(values.contains) ?? true }
        return experiment
    }

    /// Gives a unit what it is dealt again.
    ///
    /// If the experiment was started, the unit counts for nothing all the same: it has seen more than one value.
    package mutating func release(_ unit: String) throws(ExperimentError) {
        guard forced.contains(where: { $0.unit == unit && $0.value != nil }) else { throw .notForced(key) }
        var units = forced.filter { $0.unit != unit }
        if state != .draft { units.append(ForcedUnit(unit: unit, value: nil)) }
        forcedUnits = units
    }

    /// Forces nobody any more of those who are to be forgotten.
    ///
    /// - Parameter units: what stood for each of them; and what stands for it from now on, so that it still counts for nothing, or nil for one
    ///   of whom nothing is left that could count.
    mutating func forget(_ units: [String: String?]) {
        guard let forced = forcedUnits, forced.contains(where: { units[$0.unit] != nil }) else { return }
        let heirs = forced.compactMap { (units[$0.unit] ?? nil).map { ForcedUnit(unit: $0, value: nil) } }
        var kept = forced.filter { units[$0.unit] == nil }
        if state != .draft {
            for heir in heirs where !kept.contains(where: { $0.unit == heir.unit }) { kept.append(heir) }
        }
        forcedUnits = kept
    }

    /// Says what is to be known of it, or nothing any more; assignment has nothing to do with it.
    ///
    /// What a finished experiment was judged by stays: who knows the answer does not choose the question. The same plan again is no change.
    /// - Throws: ``YAMLError`` where the plan is none, ``ExperimentError`` where there cannot be another.
    package mutating func analyse(by plan: String?) throws {
        // One that a later version of the program cannot read any more may be put right whenever it is.
        let isReadable = self.plan.map { (try? LivePlan($0, values: values)) != nil } ?? true
        if plan != self.plan, isReadable || plan == nil { try require([.draft, .running, .paused], change: "given another plan") }
        if let plan { _ = try LivePlan(plan, values: values) }
        self.plan = plan
    }

    /// Says that nothing is to be known of it any more.
    package mutating func removePlan() throws(ExperimentError) {
        guard plan != nil else { throw .noPlan(key) }
        try require([.draft, .running, .paused], change: "left without its plan")
        plan = nil
    }

    /// Ends it.
    ///
    /// With a winner, every device that is not older than the experiment gets the winner's value from now on.
    package mutating func finish(winner: String? = nil, at next: Ordinal, now: Timestamp) throws(ExperimentError) {
        try require([.running, .paused], change: "finished")
        if let winner, !values.contains(winner) { throw .unknownWinner(key, value: winner) }
        epochs[epochs.count - 1].close(at: next)
        self.winner = winner
        finished = now
        state = .finished
    }

    private func require(_ states: [ExperimentState], change: String) throws(ExperimentError) {
        guard states.contains(state) else { throw .wrongState(key, state: state, change: change) }
    }
}

extension Experiment {
    /// The secret, kept apart so that it is stored as text and shown by nothing.
    struct Secret: Hashable, Sendable, Codable {
        let key: SecretKey

        init(key: SecretKey) { self.key = key }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            guard let key = SecretKey(hexadecimal: try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "an experiment's secret is 32 hexadecimal digits")
            }
            self.key = key
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(key.hexadecimal)
        }
    }
}

import Experiments
import HTTPServer
import Text

extension Placement {
    /// The reason as one word, for programs.
    var reason: String {
        switch self {
        case .dealt: "dealt"
        case .winner: "winner"
        case .notStarted: "not_started"
        case .olderThanExperiment: "older_than_experiment"
        case .cameDuringPause: "came_during_pause"
        case .finished: "finished"
        case .forced: "forced"
        case .heldOut: "held_out"
        case .otherSlot: "other_slot"
        case .notTargeted: "not_targeted"
        }
    }

    /// The reason as a sentence, for people.
    var explanation: String {
        switch self {
        case .dealt(let value, let deal):
            "Device number \(deal.position + 1) of epoch \(deal.epoch): place \(deal.place + 1) of \(deal.blockSize) in block \(deal.block + 1), "
                + "which the experiment's secret dealt '\(value)'."
        case .winner(let value, _, let release):
            "The experiment is finished and its winner '\(value)' goes to every device that is not older than the experiment."
                + (release.map { " A holdout had kept the device out of it, and was released on \($0.time)." } ?? "")
        case .notStarted:
            "The experiment is a draft; it has not been started."
        case .olderThanExperiment:
            "The device was known before the experiment was started; experiments are for devices that are newer."
        case .cameDuringPause:
            "The device was first seen while the experiment admitted nobody, so it is not in it."
        case .finished(let deal):
            deal.map { "The experiment is finished without a winner; while it ran the device had '\($0.value)'." }
                ?? "The experiment is finished without a winner, and the device was not in it."
        case .forced(let value):
            "An operator gave the device '\(value)', whatever it is dealt; it counts for nothing in this experiment."
        case .heldOut(let holdout, nil):
            "The holdout '\(holdout)' keeps the device out of the experiment."
        case .heldOut(let holdout, let release?):
            "The holdout '\(holdout)' kept the device out of the experiment from its start on. It was released on \(release.time), but the "
                + "experiment had begun before, and goes on without the device; a winner would be for it too."
        case .otherSlot(let slots):
            "The device has a slot of the layer '\(slots.layer)' that is not among the \(slots.slots.count) of \(slots.of) which the "
                + "experiment has."
        case .notTargeted:
            "By what was known at its first contact, the device is not among those whom the experiment is for."
        }
    }

    /// Where a variant was dealt from, if one was.
    var deal: Deal? {
        switch self {
        case .dealt(_, let deal): deal
        case .winner(_, let deal, _), .finished(let deal): deal
        case .notStarted, .olderThanExperiment, .cameDuringPause, .forced, .heldOut, .otherSlot, .notTargeted: nil
        }
    }
}

extension Placement.Deal {
    var json: JSONValue {
        [
            "epoch": .integer(epoch),
            "position": JSONValue(position),
            "block": JSONValue(block),
            "place": JSONValue(place),
            "blockSize": JSONValue(blockSize),
            "value": .string(value),
        ]
    }
}

import Enrollment
import Experiments
import Text

/// What part of new devices the layer and the holdout of an experiment leave to it.
struct Participation: Sendable {
    let share: Double
    /// Why it is not all of them.
    let reasons: [String]

    init(_ form: NewExperimentForm, in catalogue: Catalogue) throws {
        var (part, reasons) = (1.0, [String]())
        var name = try form.holdoutName
        if let (layer, slots, free, total, holdout) = try form.slots(in: catalogue) {
            guard slots <= free else { throw ExperimentError.noRoom(layer: layer, wanted: slots, free: free) }
            part *= Double(slots) / Double(total)
            reasons.append("\(slots) of the \(total) slots of the layer ‘\(layer)’")
            name = holdout ?? name
        }
        if let name {
            let holdout = try catalogue.holdout(name)
            if holdout.released == nil {
                part *= 1 - holdout.percent / 100
                reasons.append("the holdout ‘\(name)’ keeps \(Numbers.percent(holdout.percent)) out")
            }
        }
        (share, self.reasons) = (part, reasons)
    }

    /// In a sentence.
    var text: String {
        reasons.isEmpty
            ? "Every device that is new once it is started."
            : "\(Numbers.percent(share * 100)) of the devices that are new once it is started: \(reasons.joined(separator: ", and "))."
    }
}

extension NewExperimentForm {
    /// What is asked about its size, of those that take part.
    ///
    /// As long as layer and holdout are typed wrongly, it is told of everybody, and what is wrong beside it.
    func question(_ registry: Registry) -> PlanQuestion {
        var question = question
        let participation = try? Participation(self, in: registry.catalogue)
        var (share, assumption) = (participation?.share ?? 1, "every new device takes part")
        if let participation, !participation.reasons.isEmpty {
            assumption = "\(Numbers.percent(share * 100)) of new devices take part: \(participation.reasons.joined(separator: ", and "))"
        }
        if let targeting = try? targeting() {
            let recent = registry.recentAttributes
            let matching = recent.count { targeting.matches($0) }
            if matching > 0 {
                share *= Double(matching) / Double(recent.count)
                assumption +=
                    "; of these as many meet the conditions as of the last \(Numbers.devices(UInt64(recent.count))): "
                    + Numbers.percent(100 * Double(matching) / Double(recent.count))
            } else {
                assumption += "; how many of these meet the conditions is not known, so it takes longer by as many as do not"
            }
        }
        question.participation = (share, assumption)
        return question
    }
}

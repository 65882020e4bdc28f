/// What is to be thought of one treatment.
struct Opinion {
    let decision: Verdict.Decision
    /// What follows; the same of several treatments is said once.
    let conclusion: String
    /// The figures that it follows from.
    var figures = ""
    /// What there is to be added.
    var addition = ""
    let changes: String
    var variant: String?
    var units: Int?
    var days: Double?

    init(
        _ decision: Verdict.Decision, _ conclusion: String, _ figures: String = "", adding addition: String = "", changes: String,
        variant: String? = nil, units: Int? = nil, days: Double? = nil
    ) {
        (self.decision, self.conclusion, self.figures, self.addition) = (decision, conclusion, figures, addition)
        (self.changes, self.variant, self.units, self.days) = (changes, variant, units, days)
    }

    var verdict: Verdict { Opinion.together([self]) }

    /// One verdict on all treatments: to keep running if one is to, and that first.
    ///
    /// - Parameter opinions: at least one.
    static func together(_ opinions: [Opinion]) -> Verdict {
        let decision = (opinions.first { $0.decision == .keepRunning } ?? opinions[0]).decision
        let sorted = opinions.filter { $0.decision == decision } + opinions.filter { $0.decision != decision }
        var said: [Opinion] = []
        for opinion in sorted {
            if let same = said.firstIndex(where: { ($0.conclusion, $0.addition) == (opinion.conclusion, opinion.addition) }) {
                said[same].figures += " " + opinion.figures
            } else {
                said.append(opinion)
            }
        }
        return Verdict(
            decision: decision, variant: opinions.count == 1 ? opinions[0].variant : nil,
            text: said.flatMap { [$0.conclusion, $0.figures, $0.addition] }.filter { !$0.isEmpty }.joined(separator: " "),
            changes: sorted[0].changes, moreUnits: opinions.compactMap(\.units).max(), moreDays: opinions.compactMap(\.days).max())
    }
}

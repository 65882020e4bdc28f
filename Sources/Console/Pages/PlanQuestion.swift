import Comparison
import Experiments
import HTTPServer
import Statistics
import Text

/// What the planning form asks: how many units an experiment needs, and for how long.
struct PlanQuestion: Sendable {
    enum Metric: String, CaseIterable, Sendable {
        case conversion
        case mean
    }

    /// Which variants are compared: the analysis of an experiment compares each with the control.
    enum Pairs: String, CaseIterable, Sendable {
        case withControl = "with-control"
        case all = "all-pairs"
    }

    /// Why there is no answer, and which field has it.
    struct Mistake: Error, Equatable {
        let field: String
        let reason: String
    }

    /// The fields as they were typed, with what stands in them to begin with.
    private(set) var texts: [String: String]

    static let fields = ["metric", "baseline", "sd", "lift", "power", "confidence", "arms", "pairs", "traffic"]
    static let beginning = [
        "metric": "conversion", "baseline": "5 %", "sd": "40", "lift": "10 %", "power": "80 %", "confidence": "95 %", "arms": "2",
        "pairs": Pairs.withControl.rawValue, "traffic": "",
    ]

    /// What the fields are called on the page.
    static let labels = [
        "metric": "Metric", "baseline": "Today", "sd": "Standard deviation", "lift": "Lift to find", "power": "Power",
        "confidence": "Confidence", "arms": "Variants", "pairs": "Compared", "traffic": "New units a day", "weight": "Weights",
    ]

    /// What the field for the lift is called where it is typed.
    static let liftLabel = "Lift to find, relative with %"
    /// What may be typed into it, and what it means.
    static let liftHelp =
        "A lift with % is relative, a share of what there is today: 10 % of today's 5 % is found at 5.5 %. Without % it is absolute, in the "
        + "metric's own unit: 0.005 is found at 5.5 % too."

    /// The relative sizes of the arms, the control first; nil for arms of one size, as many as the field says.
    private var weights: [Double]?

    /// What share of new units takes part, and what is assumed of that.
    var participation = (share: 1.0, assumption: "every new unit takes part once")

    /// Takes what was typed elsewhere, about arms of these sizes.
    init(texts: [String: String], weights: [Double]) {
        self.texts = texts
        self.weights = weights
    }

    /// Takes what was typed out of a query.
    init(_ query: Form) throws(Problem) {
        texts = Self.beginning
        for field in Self.fields {
            if let text = try query.value(field) { texts[field] = text }
        }
    }

    var metric: Metric { Metric(rawValue: texts["metric"] ?? "") ?? .conversion }

    var pairs: Pairs { Pairs(rawValue: texts["pairs"] ?? "") ?? .withControl }

    /// How many units it takes.
    struct Answer {
        /// For one look at the end.
        let report: PowerReport
        /// The same for other lifts.
        let others: [PowerReport.Answer]
        /// For a verdict at any look, as experiments here are decided, of all comparisons together; nil where there are too many units to tell.
        let anyLook: PowerReport.Answer?
    }

    /// What the library calls what is typed into a field.
    private static let fieldsByArgument = ["effect": "lift", "power": "power", "standardDeviation": "sd", "perDay": "traffic"]

    /// The answer, and what it would be for other lifts.
    func answer() throws -> Answer {
        do {
            return try worked()
        } catch StatisticsError.outOfRange(let argument, _, let expected) {
            guard let field = PlanQuestion.fieldsByArgument[argument] else {
                throw Mistake(field: "lift", reason: "cannot be planned for with these numbers, which are too large or too small")
            }
            throw Mistake(field: field, reason: "must be \(expected)")
        } catch is StatisticsError {
            throw Mistake(field: "lift", reason: "cannot be planned for with these numbers, which are too large or too small")
        }
    }

    private func worked() throws -> Answer {
        guard Metric(rawValue: texts["metric"] ?? "") != nil else { throw Mistake(field: "metric", reason: "is conversion or mean") }
        if let text = texts["pairs"], Pairs(rawValue: text) == nil {
            throw Mistake(field: "pairs", reason: "is with-control or all-pairs")
        }
        let confidence = try share("confidence")
        let power = try share("power")
        let weights = try weights ?? Array(repeating: 1, count: whole("arms", in: 2...100))
        guard weights.count >= 2 else { throw Mistake(field: "weight", reason: "must be positive numbers, for two variants at least") }
        let significance = ((1 - confidence) * 1e15).rounded() / 1e15
        switch metric {
        case .conversion:
            let baseline = try share("baseline")
            let analysis = try ProportionsPower(baseline: baseline, significance: significance)
            let lift = try lift(of: baseline)
            // An interval that holds at any look is of the difference of shares, whose variances are those of both.
            let both = [baseline, baseline + lift].map { ($0 * (1 - $0)).squareRoot() }
            return try answer(
                analysis, try? MeansPower(standardDeviation: both[0], secondDeviation: both[1], significance: significance),
                "Conversion of \(Figures.percent(baseline)) today", lift: lift, power: power, weights: weights,
                assuming: "conversions are compared by a z test after the arcsine transformation")
        case .mean:
            if texts["baseline"]?.contains("%") == true {
                throw Mistake(field: "baseline", reason: "is a mean here, a number such as 12.5, and no percentage")
            }
            let deviation = try number("sd")
            guard deviation > 0 else { throw Mistake(field: "sd", reason: "must be more than 0") }
            let analysis = try WelchPower(MeansPower(standardDeviation: deviation, significance: significance))
            return try answer(
                analysis, analysis.known, "Mean of \(try Figures.significant(number("baseline"))) today",
                lift: lift(of: number("baseline")),
                power: power,
                weights: weights,
                assuming:
                    "all variants have this standard deviation, which Welch's test estimates; means of samples of this size are normal")
        }
    }

    private func answer(
        _ analysis: some PowerAnalysis, _ means: MeansPower?, _ subject: String, lift: Double, power: Double, weights: [Double],
        assuming assumption: String
    ) throws -> Answer {
        let traffic = try traffic()
        let isEven = weights.allSatisfy { $0 == weights[0] }
        func report(_ lift: Double, _ analysis: some PowerAnalysis) throws -> PowerReport {
            try PowerPlan(
                subject: subject, unknown: .size(lift: lift, power: power), weights: weights,
                comparisons: pairs.rawValue, traffic: traffic,
                assumptions: [isEven ? "variants of equal size" : "variants in the proportion of their weights", assumption]
                    + (traffic == nil ? [] : [participation.assumption])
            ).answer(analysis)
        }
        // A lift that is twice as large may not exist, such as from 60 % to 120 %.
        let anyLook = means.flatMap {
            try? report(lift, AlwaysValidPower($0, tunedFor: Double(LivePlan.tunedFor)))
        }
        return Answer(
            report: try report(lift, analysis), others: [0.5, 2].compactMap { try? report(lift * $0, analysis).each },
            anyLook: anyLook.map { $0.together ?? $0.each })
    }

    /// What a plan's decision and method say of it, as YAML writes them.
    func decision() throws -> (smallestEffect: String, power: Double, confidence: Double) {
        let lift = texts["lift"] ?? ""
        let effect = abs(try number("lift", lift.filter { $0 != "%" }))
        return (lift.contains("%") ? "\(effect) %" : "\(effect)", try share("power"), try share("confidence"))
    }

    /// What the lift means: from which value to which, and whether it was typed as a share of today's or as a difference.
    func liftMeaning(_ lift: Double) -> String? {
        guard let text = texts["lift"], let baseline = try? metric == .mean ? number("baseline") : share("baseline") else { return nil }
        let value = { (number: Double) in metric == .mean ? Figures.brief(number) : "\(Figures.brief(number * 100)) %" }
        let typed = trimmed(text)
        let kind = typed.contains("%") ? "relative, \(typed.filter { $0 != "%" }) % of today's value" : "absolute, in the metric's own unit"
        return "This lift is \(kind): from \(value(baseline)) to \(value(baseline + lift))."
    }

    // MARK: Fields

    private func lift(of baseline: Double) throws(Mistake) -> Double {
        guard let text = texts["lift"], text.contains("%") else { return try number("lift") }
        guard baseline != 0 else {
            throw Mistake(field: "lift", reason: "is a share of today's value, which is 0: write a number, such as 0.5")
        }
        return baseline * (try number("lift", text.filter { $0 != "%" })) / 100
    }

    /// A share as `0.05` or `5 %`, between 0 and 1.
    private func share(_ field: String) throws(Mistake) -> Double {
        let text = texts[field] ?? ""
        let share = text.contains("%") ? try number(field, text.filter { $0 != "%" }) / 100 : try number(field)
        guard share > 0, share < 1 else {
            let asShare = share >= 1 && share < 100 && !text.contains("%")
            throw Mistake(
                field: field,
                reason: "must be between 0 and 100 %, "
                    + (asShare
                        ? "and \(trimmed(text)) means \(Figures.brief(share * 100)) %: for a percentage, write \(trimmed(text)) %"
                        : "such as 5 % or 0.05"))
        }
        return share
    }

    private func traffic() throws -> Traffic? {
        guard let text = texts["traffic"], !text.allSatisfy({ $0 == " " }) else { return nil }
        let units = try number("traffic")
        guard units > 0 else { throw Mistake(field: "traffic", reason: "must be more than 0, or empty") }
        return try Traffic(perDay: units * participation.share)
    }

    private func whole(_ field: String, in range: ClosedRange<Int>) throws(Mistake) -> Int {
        guard let number = Int(trimmed(texts[field] ?? "")), range.contains(number) else {
            throw Mistake(field: field, reason: "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func number(_ field: String, _ text: String? = nil) throws(Mistake) -> Double {
        let typed = trimmed(text ?? texts[field] ?? "")
        guard let number = Double(typed), number.isFinite else {
            throw Mistake(field: field, reason: "must be a number such as 12.5\(TypedNumber.advice(typed))")
        }
        return number
    }

    private func trimmed(_ text: String) -> String {
        text.filter { $0 != " " && $0 != "\u{A0}" }
    }
}

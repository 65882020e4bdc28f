import Comparison
import Statistics
import Tables
import Text

/// `gosset power METRIC`: how large an experiment must be, or what it can find.
struct PowerCommand: Command {
    enum Metric: String, CaseIterable {
        case proportions, means, ratio, mannwhitney
    }

    let metric: Metric

    var name: String { "power \(metric.rawValue)" }

    var summary: String {
        switch metric {
        case .proportions: "How many units to find a lift of a conversion."
        case .means: "How many units to find a lift of a mean."
        case .ratio: "How many units to find a lift of a ratio, such as revenue a session, from past data."
        case .mannwhitney: "How many units to find that values of one group tend to exceed the other's."
        }
    }

    var examples: [String] {
        switch metric {
        case .proportions:
            [
                "gosset power proportions --baseline 0.05 --lift 0.002 --arms 3 --traffic 40000/month",
                "gosset power proportions --baseline 0.05 --lift 0 --margin 0.005 --weights 9,1",
            ]
        case .means: ["gosset power means --sd 40 --lift 2 --looks 4"]
        case .ratio: ["gosset power ratio Examples/checkout/orders.csv --value revenue --per sessions --lift 5%"]
        case .mannwhitney: ["gosset power mannwhitney --chance 0.53 --power 0.9"]
        }
    }

    let discussion = """
        Of --lift, --size and --power give two, and the third is told; without --power, 0.8 is taken.
        With more than two arms every pair is compared: the answer is told for the confidence of each comparison,
        and once more for all of them together, by Bonferroni. With --margin the plan is for non-inferiority: to show that
        the second arm is not worse by the margin or more, the true lift being --lift.
        """

    var flagsByArgument: [String: String] {
        // The effect of the Mann-Whitney test is the chance less one half, which nobody has typed.
        let effect = metric == .mannwhitney ? [:] : ["effect": "lift"]
        return effect.merging(["standardDeviation": "sd", "size": "size", "total": "size", "power": "power"]) { $1 }
    }

    var operands: Operands { metric == .ratio ? Operands(placeholder: "FILE", count: 1...1) : .none }

    private static let shareOfBase = "or a share of it, such as 4%."

    var options: [Option] {
        let own: [Option] =
            switch metric {
            case .proportions:
                [
                    Option("baseline", "SHARE", help: "The share that converts today, between 0 and 1."),
                    Option("lift", "LIFT", help: "What is added to it, such as 0.002; \(Self.shareOfBase)"),
                    Option(
                        "method", "METHOD",
                        help: "arcsine (Cohen's h), pooled or unpooled: the standard error of the z test; unpooled for --margin.",
                        default: "arcsine"),
                ]
            case .means:
                [
                    Option("sd", "NUMBER", help: "The standard deviation of a unit."),
                    Option("lift", "LIFT", help: "What is added to the mean; with --baseline also a share of it, such as 4%."),
                    Option("baseline", "MEAN", help: "The mean today."),
                ]
            case .ratio:
                [
                    .value, Option("per", "COLUMN", help: "The column that the values are divided by."),
                    Option("lift", "LIFT", help: "What is added to the ratio; \(Self.shareOfBase)"), .filter,
                ] + Option.format
            case .mannwhitney:
                [
                    Option(
                        "chance", "SHARE",
                        help: "The chance that a value of the second arm exceeds one of the first, ties as halves: 0.5 is no effect.")
                ]
            }
        return own + [
            Option("size", "UNITS", help: "The units of each arm; with --weights, of the first."),
            Option("power", "SHARE", help: "The chance to find the lift."),
            .confidence,
            Option(
                "alternative", "SIDE", help: "two-sided, or greater or less: what the second arm may be than the first.",
                default: "two-sided"),
        ]
            + (metric == .mannwhitney
                ? [] : [Option("margin", "DIFFERENCE", help: "How much worse the second arm may be, for non-inferiority.")]) + [
                Option("arms", "N", help: "The arms, the control among them.", default: "2"),
                Option("weights", "W,W…", help: "Relative sizes of the arms, the control first, such as 9,1; equal if not given."),
                .pairs, .looks(), .spending,
                Option("traffic", "UNITS/TIME", help: "New units a day, week or month of 30 days, such as 40000/month."),
                Option("share", "SHARE", help: "The share of the traffic that takes part, up to 1.", default: "1"),
                .json,
            ]
    }

    func run(_ options: Options) throws -> Int32 {
        let report: PowerReport
        let margin = options.knows("margin") ? try margin(options) : nil
        let (significance, side) = (try options.significance(), margin == nil ? try options.side() : .greater)
        switch metric {
        case .proportions:
            guard let baseline = try options.share("baseline") else { throw UsageError("--baseline is needed") }
            let word = try options.choice("method", of: ProportionsPower.Method.allCases.map(\.rawValue))
            let method = margin != nil && word == "arcsine" ? .unpooled : ProportionsPower.Method(rawValue: word) ?? .arcsine
            let analysis = try ProportionsPower(
                baseline: baseline, method: method, significance: significance, alternative: side, nullEffect: margin.map { -$0 } ?? 0)
            let plan = try plan(
                options, subject: "Power of proportions, baseline \(baseline), \(method.rawValue)", lift: lift(options, baseline),
                margin, assuming: "the proportions are compared by a z test, \(method.rawValue)")
            report = try plan.answer(analysis)
        case .means:
            guard let deviation = try options.number("sd") else { throw UsageError("--sd is needed") }
            let analysis = try WelchPower(
                MeansPower(
                    standardDeviation: deviation, significance: significance, alternative: side, nullEffect: margin.map { -$0 } ?? 0))
            let plan = try plan(
                options, subject: "Power of means, standard deviation \(Figures.brief(deviation))",
                lift: lift(options, try options.number("baseline")),
                margin,
                assuming: "both arms have this standard deviation, which Welch's test estimates; means of samples of this size are normal")
            report = try plan.answer(analysis)
        case .ratio:
            let per = try options.required("per")
            let (moments, analysis) = try SampleProblem.naming(["the file"], columns: [per]) {
                let moments = try pastMoments(options, per)
                return (
                    moments,
                    try WelchPower(
                        MeansPower(
                            ratioIn: moments, significance: significance, alternative: side, nullEffect: margin.map { -$0 } ?? 0))
                )
            }
            let ratio = moments.means[0] / moments.means[1]
            let deviation = Figures.significant(analysis.known.firstDeviation)
            let plan = try plan(
                options, subject: "Power of a ratio, \(Figures.significant(ratio)) today, standard deviation \(deviation) a unit",
                lift: lift(options, ratio), margin,
                assuming: "units vary as in these \(Figures.count(moments.count)) rows; the ratio is made linear (delta method)")
            report = try plan.answer(analysis)
        case .mannwhitney:
            let analysis = try MannWhitneyPower(significance: significance, alternative: side)
            let chance = try options.share("chance")
            if chance == 0.5 { throw UsageError("--chance must be another than 0.5, which is no effect") }
            let plan = try plan(
                options, subject: "Power of the Mann-Whitney test", lift: chance.map { $0 - 0.5 }, nil,
                assuming:
                    "the lift is the chance that a value of the second arm exceeds one of the first, less one half; values are continuous")
            report = try plan.answer(analysis)
        }
        Terminal.say(options.isSet("json") ? report.json.description : report.text(width: Terminal.width))
        return 0
    }

    private func margin(_ options: Options) throws -> Double? {
        guard let margin = try options.number("margin") else { return nil }
        guard margin > 0 else { throw UsageError("--margin must be more than 0") }
        return margin
    }

    private func plan(
        _ options: Options, subject: String, lift: Double?, _ margin: Double?, assuming assumption: String
    ) throws -> PowerPlan {
        let (size, power) = (try options.number("size"), try options.share("power"))
        let unknown: PowerPlan.Unknown
        switch (lift, size, power) {
        case (let lift?, nil, _): unknown = .size(lift: lift, power: power ?? 0.8)
        case (nil, let size?, _): unknown = .lift(size: size, power: power ?? 0.8)
        case (let lift?, let size?, nil): unknown = .power(lift: lift, size: size)
        case (nil, nil, _): throw UsageError("\(metric == .mannwhitney ? "--chance" : "--lift") or --size is needed")
        case (_?, _?, _?):
            throw UsageError("of \(metric == .mannwhitney ? "--chance" : "--lift"), --size and --power only two can be given")
        }
        let weights = try weights(options)
        let traffic = try traffic(options)
        let isEven = weights.allSatisfy { $0 == weights[0] }
        var assumptions = [
            isEven ? "arms of equal size" : "arms in the ratio \(weights.map { Figures.significant($0, 3) }.joined(separator: ":"))",
            assumption,
        ]
        if let margin {
            assumptions.append("the aim is to show that the second arm is not worse by \(Figures.brief(margin)) or more; one-sided")
        }
        if traffic != nil { assumptions.append("a month has 30 days, and every new unit takes part once") }
        var plan = PowerPlan(
            subject: subject, unknown: unknown, weights: weights,
            comparisons: try options.choice("pairs", of: ["all-pairs", "with-control"]), traffic: traffic, assumptions: assumptions)
        if options.text("looks") != nil {
            plan.looks = LookPlan(count: try options.integer("looks", in: 1...100), spending: try options.spending())
            plan.assumptions.append(
                "\(try options.required("looks")) looks at equal steps of the sample, bounds by \(try options.required("spending"))")
        }
        return plan
    }

    /// The relative sizes of the arms: of `--weights`, or as many equal ones as there are `--arms`.
    private func weights(_ options: Options) throws -> [Double] {
        let arms = try options.integer("arms", in: 2...1000)
        guard let weights = try options.weights() else { return Array(repeating: 1, count: arms) }
        guard weights.count > 1, arms == 2 || arms == weights.count else {
            throw UsageError(
                "--weights has \(weights.count) number\(weights.count == 1 ? "" : "s"); one for each of the \(arms) arms was expected")
        }
        return weights
    }

    private func pastMoments(_ options: Options, _ per: String) throws -> CoMoments {
        var selection = try options.selection()
        selection.others = [per]
        let progress = ProgressLine(options.operands[0])
        defer { progress.clear() }
        let table = try Table(path: options.operands[0], format: options.format(), for: selection, progress: progress.show)
        guard let sample = try Samples(selection, from: table).groups.first else {
            throw StatisticsError.empty(argument: "'\(selection.value)'")
        }
        return try CoMoments([sample.values] + sample.others)
    }

    private func lift(_ options: Options, _ baseline: Double?) throws -> Double? {
        guard let text = options.text("lift") else { return nil }
        guard text.hasSuffix("%") else { return try options.number("lift") }
        guard let percent = Double(text.dropLast()), percent.isFinite else {
            throw UsageError("--lift must be a number or a percentage, not '\(text)'")
        }
        guard let baseline else { throw UsageError("--lift \(text) needs --baseline") }
        guard baseline != 0 else { throw UsageError("--lift \(text) is a share of --baseline, which is 0; write a number, such as 0.5") }
        return baseline * percent / 100
    }

    private func traffic(_ options: Options) throws -> Traffic? {
        guard let text = options.text("traffic") else { return nil }
        let share = try options.number("share") ?? 1
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let units = Double(parts[0]), units.isFinite else {
            throw UsageError("--traffic must be UNITS/day, /week or /month, such as 40000/month, not '\(text)'")
        }
        do {
            switch parts[1] {
            case "day": return try Traffic(perDay: units, share: share)
            case "week": return try Traffic(perWeek: units, share: share)
            case "month": return try Traffic(perMonth: units, share: share)
            default: throw UsageError("--traffic is a day, a week or a month, not a '\(parts[1])'")
            }
        } catch let error as StatisticsError {
            let names = ["perDay": "the traffic", "perWeek": "the traffic", "perMonth": "the traffic", "share": "--share"]
            throw UsageError("--traffic \(text): \(error.text(names))")
        }
    }
}

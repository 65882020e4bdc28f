import Comparison
import Statistics
import Text

/// `gosset power proportions` and `gosset power means`: how large an experiment must be, or what it can find.
struct PowerCommand: Command {
    enum Metric: String, CaseIterable {
        case proportions, means
    }

    let metric: Metric

    var name: String { "power \(metric.rawValue)" }

    var summary: String {
        switch metric {
        case .proportions: "How many units to find a lift of a conversion."
        case .means: "How many units to find a lift of a mean."
        }
    }

    let discussion = """
        Of --lift, --size and --power give two, and the third is told; without --power, 0.8 is taken.
        With more than two arms every pair is compared: the answer is told for the confidence of each comparison,
        and once more for all of them together, by Bonferroni.
        """

    var options: [Option] {
        let own: [Option] =
            switch metric {
            case .proportions:
                [
                    Option("baseline", "SHARE", help: "The share that converts today, between 0 and 1."),
                    Option("lift", "LIFT", help: "What is added to it, such as 0.002; or a share of it, such as 4%."),
                    Option(
                        "method", "METHOD",
                        help: "arcsine (Cohen's h), pooled or unpooled: the standard error of the z test.", default: "arcsine"),
                ]
            case .means:
                [
                    Option("sd", "NUMBER", help: "The standard deviation of a unit."),
                    Option("lift", "LIFT", help: "What is added to the mean; with --baseline also a share of it, such as 4%."),
                    Option("baseline", "MEAN", help: "The mean today."),
                ]
            }
        return own + [
            Option("size", "UNITS", help: "The units of each arm."),
            Option("power", "SHARE", help: "The chance to find the lift."),
            .confidence, .alternative,
            Option("arms", "N", help: "The arms, the control among them.", default: "2"),
            Option("pairs", "WHICH", help: "all-pairs, or with-control: which arms are compared.", default: "all-pairs"),
            Option("traffic", "UNITS/TIME", help: "New units a day, week or month of 30 days, such as 40000/month."),
            Option("share", "SHARE", help: "The share of the traffic that takes part, up to 1.", default: "1"),
            .json,
        ]
    }

    func run(_ options: Options) throws -> Int32 {
        let significance = 1 - (try options.share("confidence") ?? 0.95)
        let side = try options.side()
        let arms = try options.integer("arms", in: 2...1000)
        let report: PowerReport
        switch metric {
        case .proportions:
            guard let baseline = try options.share("baseline") else { throw UsageError("--baseline is needed") }
            let method = try options.choice("method", of: ProportionsPower.Method.allCases.map(\.rawValue))
            let analysis = try ProportionsPower(
                baseline: baseline, method: ProportionsPower.Method(rawValue: method) ?? .arcsine, significance: significance,
                alternative: side)
            let plan = try plan(
                options, arms, subject: "Power of proportions, baseline \(baseline), \(method)", baseline: baseline,
                assuming: "the proportions are compared by a z test, \(method)")
            report = try plan.answer(analysis)
        case .means:
            guard let deviation = try options.number("sd") else { throw UsageError("--sd is needed") }
            let analysis = try MeansPower(standardDeviation: deviation, significance: significance, alternative: side)
            let plan = try plan(
                options, arms, subject: "Power of means, standard deviation \(deviation)", baseline: try options.number("baseline"),
                assuming: "both arms have this standard deviation, and means of samples of this size are normal")
            report = try plan.answer(analysis)
        }
        Terminal.say(options.isSet("json") ? report.json.description : report.text)
        return 0
    }

    private func plan(
        _ options: Options, _ arms: Int, subject: String, baseline: Double?, assuming assumption: String
    ) throws -> PowerPlan {
        let (lift, size, power) = (try lift(options, baseline), try options.number("size"), try options.share("power"))
        let unknown: PowerPlan.Unknown
        switch (lift, size, power) {
        case (let lift?, nil, _): unknown = .size(lift: lift, power: power ?? 0.8)
        case (nil, let size?, _): unknown = .lift(size: size, power: power ?? 0.8)
        case (let lift?, let size?, nil): unknown = .power(lift: lift, size: size)
        case (nil, nil, _): throw UsageError("--lift or --size is needed")
        case (_?, _?, _?): throw UsageError("of --lift, --size and --power only two can be given")
        }
        let pairs = try options.choice("pairs", of: ["all-pairs", "with-control"])
        let traffic = try traffic(options)
        var assumptions = ["arms of equal size", assumption]
        if traffic != nil { assumptions.append("a month has 30 days, and every new unit takes part once") }
        return PowerPlan(
            subject: subject, unknown: unknown, arms: arms, comparisons: pairs, traffic: traffic, assumptions: assumptions)
    }

    private func lift(_ options: Options, _ baseline: Double?) throws -> Double? {
        guard let text = options.text("lift") else { return nil }
        guard text.hasSuffix("%") else { return try options.number("lift") }
        guard let percent = Double(text.dropLast()), percent.isFinite else {
            throw UsageError("--lift must be a number or a percentage, not '\(text)'")
        }
        guard let baseline else { throw UsageError("--lift \(text) needs --baseline") }
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
            throw UsageError("--traffic \(text): \(error)")
        }
    }
}

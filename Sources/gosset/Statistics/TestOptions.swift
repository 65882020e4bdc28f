import Comparison
import Statistics
import Text

/// The flags of one test, and what they say.
extension TestKind {
    /// Whether its samples come from a file at all.
    var readsFiles: Bool { forms.contains(.values) }

    /// The flags of `gosset test NAME`.
    var options: [Option] {
        var options: [Option] = []
        if forms.contains(.summaries) {
            options.append(
                Option("summary", "[NAME=]MEAN,SD,N", help: "A sample as its summary; once for each sample.", isRepeatable: true))
        }
        if self == .srm {
            options.append(.group)
        } else if isPaired {
            options += [.value, Option("with", "COLUMN", help: "The column to compare it with, row by row.")]
        } else if readsFiles {
            options += samples.upperBound == 1 ? [.value] : [.value, .group, .control]
        }
        switch columns {
        case .covariates:
            options.append(
                Option("covariate", "COLUMN", help: "What was known before the experiment; once for each.", isRepeatable: true))
        case .denominator: options.append(Option("per", "COLUMN", help: "The column that the values are divided by."))
        case .parts(let flag, _): options.append(Option(flag, "COLUMN", help: "The column of \(flag)s."))
        case nil: break
        }
        if let null = nullValue {
            options.append(Option("null", "VALUE", help: "What the sample is held against.", default: Figures.brief(null)))
        }
        options += settings.flatMap { TestKind.options(of: $0) }
        if self != .srm { options.append(.confidence) }
        if hasSides { options.append(.alternative) }
        if hasBetter { options.append(.better) }
        if readsFiles {
            options.append(.filter)
            if !isPaired, samples.upperBound > 1 { options += Option.units }
            options += Option.format
        }
        return options + [.json]
    }

    private static func options(of setting: TestSetting) -> [Option] {
        switch setting {
        case .adjustment: [.adjust, .pairs]
        case .margin: [Option("margin", "DIFFERENCE", help: "The least difference that matters, in the values' own units.")]
        case .weights: [.weights]
        case .resampling: [.resamples, .seed]
        case .intervalMethod:
            [
                Option(
                    "method", "METHOD",
                    help: "How the interval is read off: \(Bootstrap.Method.allCases.map(\.rawValue).joined(separator: ", ")).",
                    default: "bca")
            ]
        case .trimming: [Option("trim", "SHARE", help: "The share that is cut off at each end.", default: "0.2")]
        case .tuning:
            [
                Option("planned", "UNITS", help: "The units of both groups together at which the interval is to be narrowest; keep it."),
                Option("spread", "NUMBER", help: "Or: how large effects are, as their standard deviation (mSPRT); keep it."),
            ]
        case .prior:
            [
                Option(
                    "prior", "A,B",
                    help:
                        "For proportions, A successes and B failures believed beforehand, 1,1 if not given; for means, the mean and standard deviation of the difference."
                )
            ]
        case .reference:
            [
                Option("mean", "NUMBER", help: "The mean of the normal distribution.", default: "0"),
                Option("sd", "NUMBER", help: "Its standard deviation.", default: "1"),
            ]
        case .probability: [Option("probability", "SHARE", help: "Which quantile: 0.5 is the median.", default: "0.5")]
        }
    }

    /// What is asked of the test besides its samples.
    func question(_ options: Options, isOfCounts: Bool) throws -> TestQuestion {
        var question = try options.question()
        for setting in settings {
            switch setting {
            case .margin:
                guard let margin = try options.number("margin"), margin > 0 else {
                    throw UsageError("--margin is needed: the least difference that matters, more than 0")
                }
                question.margin = margin
            case .intervalMethod:
                let words = Bootstrap.Method.allCases.map(\.rawValue)
                question.intervalMethod = Bootstrap.Method(rawValue: try options.choice("method", of: words)) ?? .bca
            case .trimming:
                guard let share = try options.number("trim"), share >= 0, share < 0.5 else {
                    throw UsageError("--trim must be a share from 0 to below 0.5")
                }
                question.trimming = share
            case .tuning: question.tuning = try TestKind.tuning(options, level: question.level)
            case .prior: try TestKind.setPrior(options, isOfCounts, &question)
            case .reference:
                question.reference = try Normal(
                    mean: options.number("mean") ?? 0, standardDeviation: options.number("sd") ?? 1)
            case .probability: question.probability = try options.share("probability") ?? 0.5
            case .adjustment, .weights, .resampling: break
            }
        }
        return question
    }

    private static func tuning(_ options: Options, level: Double) throws -> ConfidenceSequence.Tuning {
        switch (try options.number("planned"), try options.number("spread")) {
        case (let units?, nil) where units > 0: return .sampleSize(units, level: level)
        case (nil, let spread?) where spread > 0: return .effectSpread(spread)
        case (nil, nil):
            throw UsageError("--planned is needed: how many units the experiment is planned for, the same at every look (or --spread)")
        case (_?, _?): throw UsageError("either --planned or --spread is expected, not both")
        default: throw UsageError("--planned and --spread must be more than 0")
        }
    }

    private static func setPrior(_ options: Options, _ isOfCounts: Bool, _ question: inout TestQuestion) throws {
        guard let text = options.text("prior") else { return }
        let numbers = try options.numbers("prior")
        guard numbers.count == 2, numbers[1] > 0, !isOfCounts || numbers[0] > 0 else {
            throw UsageError(
                "--prior must be \(isOfCounts ? "two positive numbers such as 1,1" : "a mean and a standard deviation such as 0,2"), not '\(text)'"
            )
        }
        if isOfCounts {
            question.proportionPrior = try Beta(alpha: numbers[0], beta: numbers[1])
        } else {
            question.differencePrior = try Normal(mean: numbers[0], standardDeviation: numbers[1])
        }
    }
}

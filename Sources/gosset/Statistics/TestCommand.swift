import Comparison
import Statistics
import Tables
import Text

/// `gosset test NAME`: one test of samples in a file, or of summaries or counts on the command line.
struct TestCommand: Command {
    let kind: TestKind

    var name: String { "test \(kind.rawValue)" }
    var summary: String { kind.summary }
    var examples: [String] { [kind.example] }
    var options: [Option] { kind.options }
    var flagsByArgument: [String: String] { ["nullValue": "null", "standardDeviation": "sd"] }

    var discussion: String {
        var ways: [String] = []
        if kind.forms.contains(.counts) { ways.append("Counts are given as SUCCESSES/TRIALS, with a name if wanted: control=120/4000.") }
        if kind.forms.contains(.sizes) { ways.append("Sizes are given as whole numbers, with a name if wanted: control=5000.") }
        if kind.forms.contains(.rates) { ways.append("Rates are given as EVENTS/EXPOSURE, with a name if wanted: control=120/30.5.") }
        if kind.forms.contains(.summaries) {
            ways.append("Summaries are given as --summary MEAN,SD,N for each sample, control=360,40,9802 names it.")
        }
        let file = "FILE is a CSV file with a header (- for standard input);"
        if kind == .srm {
            ways.append("\(file) --group names the column of groups.")
        } else if kind.isPaired {
            ways.append("\(file) --value and --with name the columns.")
        } else if kind.readsFiles, kind.samples.upperBound == 1 {
            ways.append("\(file) --value names the column.")
        } else if kind.readsFiles {
            let isBinary = kind.forms.contains(.counts) && !kind.forms.contains(.summaries)
            ways.append("\(file) --value names the column of values\(isBinary ? " (0 or 1)" : ""), --group that of groups.")
        }
        if kind.samples.upperBound > 1, !kind.isPaired, kind != .srm {
            ways.append(
                "The first sample, or the first group by name, is the control\(kind.readsFiles ? ", unless --control says otherwise" : ""). "
                    + "Differences are the first less the second,\nas in SciPy; gosset compare tells the treatment less the control."
                    + (kind.settings.contains { if case .adjustment = $0 { true } else { false } }
                        ? " Of more than two, every pair is compared." : ""))
        }
        if kind != .bayes, kind != .bootstrap {
            ways.append(
                "p is the probability of data at least this far from what is doubted, if that were true; an interval holds what the data do\n"
                    + "not speak against.")
        }
        return ways.joined(separator: "\n")
    }

    var operands: Operands {
        if kind.forms == [.rates] { return Operands(placeholder: kind == .poisson ? "RATE RATE" : "RATE", count: kind.samples) }
        if kind == .srm { return Operands(placeholder: "SIZES… | FILE", count: 1...kind.samples.upperBound) }
        if kind.forms.contains(.counts) {
            let isOptional = kind.forms.contains(.summaries)
            return Operands(
                placeholder: isOptional ? "[COUNTS… | FILE]" : "COUNTS… | FILE", count: (isOptional ? 0 : 1)...kind.samples.upperBound)
        }
        return Operands(placeholder: kind.forms.contains(.summaries) ? "[FILE]" : "FILE", count: 0...1)
    }

    func run(_ options: Options) throws -> Int32 {
        let (input, source) = try input(options)
        var question = try kind.question(options, isOfCounts: input.form == .counts)
        if options.knows("covariate") { question.columnNames = options.texts("covariate") }
        if options.knows("per") { question.columnNames = options.text("per").map { [$0] } ?? [] }
        if let weights = question.weights, weights.count != input.names.count {
            throw UsageError(
                "--weights has \(weights.count) numbers, but there are \(input.names.count) groups: \(input.names.joined(separator: ", "))")
        }
        var report: TestReport
        do {
            report = try kind.run(input, question)
        } catch let problem where problem is SampleProblem || problem is TestInputError {
            throw source?.explaining(problem) ?? problem
        }
        report.source = source
        Terminal.say(options.isSet("json") ? report.json.description : report.text(width: Terminal.width))
        return 0
    }

    private func input(_ options: Options) throws -> (TestInput, SourceReport?) {
        if options.knows("summary"), case let texts = options.texts("summary"), !texts.isEmpty {
            guard options.operands.isEmpty else { throw UsageError("either FILE or --summary is expected, not both") }
            return (.summaries(try SampleText.summaries(texts)), nil)
        }
        if kind.forms == [.rates] { return (.rates(try SampleText.rates(options.operands)), nil) }
        if kind.forms.contains(.sizes), SampleText.areSizes(options.operands) {
            return (.sizes(try SampleText.sizes(options.operands)), nil)
        }
        if kind.forms.contains(.counts), !options.operands.isEmpty, SampleText.areCounts(options.operands) {
            return (.counts(try SampleText.counts(options.operands)), nil)
        }
        guard options.operands.count == 1 else {
            throw UsageError(kind.forms.contains(.summaries) ? "FILE or --summary is needed" : "one FILE is needed")
        }
        return try samples(options, in: options.operands[0])
    }

    private func samples(_ options: Options, in path: String) throws -> (TestInput, SourceReport) {
        let progress = ProgressLine(path)
        defer { progress.clear() }
        if kind == .srm {
            guard let group = options.text("group") else { throw UsageError("--group is needed") }
            let format = try options.format()
            let filter = try options.condition()
            let table = try Table(path: path, format: format, keeping: [group] + (filter?.columns ?? []), progress: progress.show)
            let (sizes, source) = try GroupSizes.of(group, in: table, filter)
            return (.sizes(sizes), source)
        }
        var selection = try options.selection()
        switch kind.columns {
        case .covariates(let areNeeded):
            selection.others = options.texts("covariate")
            guard !areNeeded || !selection.others.isEmpty else { throw UsageError("--covariate is needed") }
        case .denominator: selection.others = [try options.required("per")]
        case .parts(let flag, let isNeeded): selection.part = isNeeded ? try options.required(flag) : options.text(flag)
        case nil: break
        }
        let format = try options.format()
        if kind.isPaired {
            let partner = try options.required("with")
            let table = try Table(path: path, format: format, for: selection, progress: progress.show)
            let samples = try Samples(pairing: partner, with: selection, from: table)
            return (.values(samples.groups), samples.source)
        }
        if kind.samples.lowerBound > 1, selection.group == nil { throw UsageError("--group is needed") }
        let table = try Table(path: path, format: format, for: selection, progress: progress.show)
        let samples = try Samples(selection, from: table)
        return (.values(samples.groups), samples.source)
    }
}

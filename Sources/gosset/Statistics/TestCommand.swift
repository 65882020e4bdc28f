import Comparison
import Statistics
import Tables
import Text

/// `gosset test NAME`: one test of samples in a file, or of summaries or counts on the command line.
struct TestCommand: Command {
    let kind: TestKind

    var name: String { "test \(kind.rawValue)" }
    var summary: String { kind.summary }

    var discussion: String {
        var ways: [String] = []
        if kind.forms.contains(.counts) { ways.append("Counts are given as SUCCESSES/TRIALS, with a name if wanted: control=120/4000.") }
        if kind.forms.contains(.summaries) {
            ways.append("Summaries are given as --summary MEAN,SD,N for each sample, control=360,40,9802 names it.")
        }
        if kind.forms == [.rates] {
            ways.append("Rates are given as EVENTS/EXPOSURE, with a name if wanted: control=120/30.5.")
        } else if kind.isPaired {
            ways.append("FILE is a CSV file with a header (- for standard input); --value and --with name the columns.")
        } else if kind.samples.upperBound == 1 {
            ways.append("FILE is a CSV file with a header (- for standard input); --value names the column.")
        } else {
            ways.append(
                "FILE is a CSV file with a header (- for standard input); --value names the column of values\(kind.forms.contains(.counts) ? " (0 or 1)" : ""), --group that of groups."
            )
        }
        ways.append(kind.samples.upperBound > 1 && !kind.isPaired ? "The first sample, or the first group by name, is the control." : "")
        return ways.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    var options: [Option] {
        var options: [Option] = []
        if kind.forms.contains(.summaries) {
            options.append(
                Option("summary", "[NAME=]MEAN,SD,N", help: "A sample as its summary; once for each sample.", isRepeatable: true))
        }
        if kind.isPaired {
            options += [.value, Option("with", "COLUMN", help: "The column to compare it with, row by row."), .filter, .delimiter]
        } else if kind.forms != [.rates] {
            options += kind.samples.upperBound == 1 ? [.value, .filter, .delimiter] : Option.file
        }
        if let null = kind.nullValue {
            options.append(Option("null", "VALUE", help: "What the sample is held against.", default: Figures.significant(null)))
        }
        options.append(.confidence)
        if kind.hasSides { options += [.alternative, .better] }
        if kind == .proportions {
            let words = Adjustment.allCases.map(\.rawValue).joined(separator: ", ")
            options.append(Option("adjust", "METHOD", help: "How the p-values of several pairs are adjusted: \(words).", default: "holm"))
        }
        return options + [.json]
    }

    var operands: Operands {
        if kind.forms == [.rates] { return Operands(placeholder: "RATE RATE", count: 2...2) }
        return kind.forms.contains(.counts)
            ? Operands(placeholder: "COUNTS… | FILE", count: 1...kind.samples.upperBound)
            : Operands(placeholder: kind.forms.contains(.summaries) ? "[FILE]" : "FILE", count: 0...1)
    }

    func run(_ options: Options) throws -> Int32 {
        let question = try options.question()
        let (input, source) = try input(options)
        var report = try kind.run(input, question)
        report.source = source
        Terminal.say(options.isSet("json") ? report.json.description : report.text)
        return 0
    }

    private func input(_ options: Options) throws -> (TestInput, SourceReport?) {
        if options.knows("summary"), case let texts = options.texts("summary"), !texts.isEmpty {
            guard options.operands.isEmpty else { throw UsageError("either FILE or --summary is expected, not both") }
            return (.summaries(try SampleText.summaries(texts)), nil)
        }
        if kind.forms == [.rates] { return (.rates(try SampleText.rates(options.operands)), nil) }
        if kind.forms.contains(.counts), SampleText.areCounts(options.operands) {
            return (.counts(try SampleText.counts(options.operands)), nil)
        }
        guard options.operands.count == 1 else {
            throw UsageError(kind.forms.contains(.summaries) ? "FILE or --summary is needed" : "one FILE is needed")
        }
        let selection = try options.selection()
        if kind.isPaired {
            let partner = try options.required("with")
            let table = try Table(path: options.operands[0], delimiter: options.delimiter(), for: selection)
            let samples = try Samples(pairing: partner, with: selection, from: table)
            return (.values(samples.groups), samples.source)
        }
        if kind.samples.lowerBound > 1, selection.group == nil { throw UsageError("--group is needed") }
        let table = try Table(path: options.operands[0], delimiter: options.delimiter(), for: selection)
        let samples = try Samples(selection, from: table)
        return (.values(samples.groups), samples.source)
    }
}

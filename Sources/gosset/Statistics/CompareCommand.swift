import Comparison
import Tables
import Text

/// `gosset compare FILE`: everything that one would want to know before deciding between groups.
struct CompareCommand: Command {
    let name = "compare"
    let summary = "Compare groups in a file: description, suspicions, tests, and what to do."
    let discussion = """
        FILE is a CSV file with a header (- for standard input). The first group by name is the control.
        The decision rests on Welch's test of means; other tests are shown with what they really test.
        """
    let operands = Operands(placeholder: "FILE", count: 1...1)
    let options: [Option] =
        Option.file + [
            Option(
                "weights", "W,W…",
                help: "How units were meant to be dealt to the groups, in the order of their names; equally if not given."),
            .confidence, .alternative, .better,
            Option("adjust", "METHOD", help: "How p-values are adjusted where there are more than two groups.", default: "holm"),
            .json,
        ]

    func run(_ options: Options) throws -> Int32 {
        let selection = try options.selection()
        guard selection.group != nil else { throw UsageError("--group is needed") }
        let weights = try options.text("weights").map { text in
            try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
                guard let weight = Double(part), weight > 0, weight.isFinite else {
                    throw UsageError("--weights must be positive numbers such as 1,1, not '\(text)'")
                }
                return weight
            }
        }
        let table = try Table(path: options.operands[0], delimiter: options.delimiter(), for: selection, everything: true)
        let report = try ComparisonReport(selection, of: table, question: options.question(), weights: weights)
        Terminal.say(options.isSet("json") ? report.json.description : report.text)
        return 0
    }
}

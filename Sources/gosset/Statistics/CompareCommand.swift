import Comparison
import Tables
import Text

/// `gosset compare FILE`: everything that one would want to know before deciding between groups.
struct CompareCommand: Command {
    let name = "compare"
    let summary = "Compare groups in a file: description, suspicions, tests, and what to do."
    let discussion = """
        FILE is a CSV file with a header (- for standard input). The first group by name is the control, unless --control says otherwise.
        A difference is the treatment less the control; between two treatments it is the later less the earlier.
        The decision rests on the test that answers a question about means: Welch's, the z test for zeros and ones, or an exact one for
        small samples. Other tests are shown with what they really test.
        """
    let examples = [
        "gosset compare Examples/revenue/visitors.csv --value revenue --group ab_group --where \"purchase = 1\"",
        "gosset compare Examples/checkout/orders.csv --value revenue --group variant --control old --unit user_id",
    ]
    let operands = Operands(placeholder: "FILE", count: 1...1)
    let options: [Option] =
        [.value, .conversion, .group, .control, .filter] + Option.units + [
            .weights, .confidence,
            Option(
                "alternative", "SIDE", help: "two-sided, or greater or less: the treatment than the control.", default: "two-sided"),
            .better, .adjust,
            Option("pairs", "WHICH", help: "with-control, or all-pairs: which groups are compared.", default: "with-control"),
        ] + Option.format + [.json]

    func run(_ options: Options) throws -> Int32 {
        let selection = try options.selection()
        guard selection.group != nil else { throw UsageError("--group is needed") }
        let question = try options.question()
        let progress = ProgressLine(options.operands[0])
        defer { progress.clear() }
        let table = try Table(
            path: options.operands[0], format: options.format(), for: selection, everything: true, progress: progress.show)
        let report = try ComparisonReport(selection, of: table, question: question)
        progress.clear()
        Terminal.say(options.isSet("json") ? report.json.description : report.text(width: Terminal.width))
        return 0
    }
}

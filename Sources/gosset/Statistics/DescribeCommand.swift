import Comparison
import Tables
import Text

/// `gosset describe FILE`: what the columns of a file hold.
struct DescribeCommand: Command {
    let name = "describe"
    let summary = "Describe the columns of a file, and list what is wrong in it."
    let discussion = "FILE is a CSV file with a header (- for standard input)."
    let examples = ["gosset describe Examples/revenue/visitors.csv --where \"purchase = 1\""]
    let operands = Operands(placeholder: "FILE", count: 1...1)
    let options: [Option] = [.filter] + Option.format + [.json]

    func run(_ options: Options) throws -> Int32 {
        let filter = try options.condition()
        let progress = ProgressLine(options.operands[0])
        defer { progress.clear() }
        let table = try Table(path: options.operands[0], format: options.format(), progress: progress.show)
        let description = try FileDescription(table, filter: filter)
        progress.clear()
        Terminal.say(options.isSet("json") ? description.json.description : description.text(width: Terminal.width))
        return 0
    }
}

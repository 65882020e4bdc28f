import Comparison
import Statistics
import Text

/// `gosset power sequential`: when a test that looks at its data a few times may stop, and what looking costs.
struct LooksCommand: Command {
    let name = "power sequential"
    let summary = "Bounds for looking at the data a few times, and what that costs."
    let discussion = """
        Prints for each look the |z| and the p-value at which the test may stop, so that all looks together keep the confidence.
        --looks with the other plans gives the sizes that go with it.
        """
    let examples = ["gosset power sequential --looks 5 --spending obrien-fleming --power 0.9"]
    let flagsByArgument = ["power": "power"]
    let options: [Option] = [
        .looks(default: "5"), .spending, Option("power", "SHARE", help: "The chance to find the effect.", default: "0.8"), .confidence,
        .alternative, .json,
    ]

    func run(_ options: Options) throws -> Int32 {
        let design = try GroupSequentialDesign(
            looks: options.integer("looks", in: 1...100), significance: options.significance(),
            alternative: options.side(), spending: options.spending())
        let report = try LooksReport(design, power: options.share("power") ?? 0.8)
        Terminal.say(options.isSet("json") ? report.json.description : report.text(width: Terminal.width))
        return 0
    }
}

extension Option {
    static func looks(default fallback: String? = nil) -> Option {
        Option("looks", "N", help: "How often the data are looked at, at equal steps, the end among them.", default: fallback)
    }

    static let spending = Option(
        "spending", "FUNCTION", help: "obrien-fleming (nearly nothing early), pocock (evenly), or rho=NUMBER (the power of time).",
        default: "obrien-fleming")
}

extension Options {
    /// How the significance is shared out among looks.
    func spending() throws(UsageError) -> SpendingFunction {
        let text = try required("spending")
        switch text {
        case "obrien-fleming": return .obrienFleming
        case "pocock": return .pocock
        default:
            guard text.hasPrefix("rho="), let rho = Double(text.dropFirst(4)), rho > 0, rho.isFinite else {
                throw UsageError("--spending must be obrien-fleming, pocock or rho=NUMBER, not '\(text)'")
            }
            return .power(rho: rho)
        }
    }
}

import Comparison
import Statistics
import Text

/// `gosset adjust METHOD`: p-values adjusted for being several.
struct AdjustCommand: Command {
    let method: Adjustment

    var name: String { "adjust \(method.rawValue)" }

    var summary: String {
        switch method {
        case .none: "None: p-values as they are."
        case .bonferroni: "Bonferroni: the simplest bound on any false alarm; has intervals."
        case .sidak: "Šidák: Bonferroni for independent tests, a little sharper; has intervals."
        case .holm: "Holm: never weaker than Bonferroni; the one to take if in doubt."
        case .holmSidak: "Holm by Šidák's bound: for independent tests."
        case .hochberg: "Hochberg: sharper than Holm, for tests that depend positively on each other."
        case .hommel: "Hommel: sharper than Hochberg, under the same condition."
        case .benjaminiHochberg: "Benjamini-Hochberg: bounds the share of false alarms among the findings, for many tests."
        case .benjaminiYekutieli: "Benjamini-Yekutieli: the same whatever the dependence."
        }
    }

    let discussion = """
        Prints each p-value, the adjusted one, and whether it counts: where the adjusted one is at most the significance.
        P-values may be named: signup=0.01 revenue=0.03.
        """
    var examples: [String] { ["gosset adjust \(method.rawValue) signup=0.010 revenue=0.020 visits=0.040"] }
    let operands = Operands(placeholder: "P…", count: 1...100_000)
    let options: [Option] = [.confidence, .json]

    func run(_ options: Options) throws -> Int32 {
        let level = try options.share("confidence") ?? 0.95
        let named = try options.operands.enumerated().map { index, text in
            let (name, rest) = SampleText.named(text, "p\(index + 1)")
            guard let p = Double(rest), (0...1).contains(p) else {
                throw UsageError("p-values lie between 0 and 1, and '\(rest)' does not")
            }
            return (name: name, p: p)
        }
        let report = try AdjustmentReport(method, named, level: level)
        Terminal.say(options.isSet("json") ? report.json.description : report.text(width: Terminal.width))
        return 0
    }
}

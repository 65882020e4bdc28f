import EffectCheck
import Text

/// `gosset check`: many tests of a shop's pilots at once, from a file.
struct CheckCommand: Command {
    let name = "check"
    let summary = "Say which of a shop's pilots raised revenue per person."
    let discussion = """
        The tests are in a file, one JSON object in a line: {"test":{"group_a_one":[ids],"group_a_two":[ids],"group_b":[ids]}}.
        What the tests have in common is learnt from all of them first, so that their order does not matter.
        If lines have a "label" (1 for a positive effect, 0 for none), the answers are scored.
        """

    let options: [Option] =
        Option.shop + [
            Option("tests", "FILE", help: "The tests, one in a line."),
            Option("json", help: "Print the evidence, one JSON object in a line."),
        ]

    func run(_ options: Options) async throws -> Int32 {
        let tests = try options.required("tests")
        guard let shop = try ShopSettings(options) else { throw UsageError("--shop-users and --shop-sales are needed") }
        let file = try TestFile(path: tests)
        let checker = try EffectChecker(shop.reader(), rule: shop.rule)
        for text in [checker.report.badUsers.text(path: shop.users), checker.report.badSales.text(path: shop.sales)].compactMap(\.self) {
            Terminal.complain("gosset check: \(text)")
        }
        let findings = checker.check(all: file.lines.map(\.test))
        var (ours, naive) = (TestScore(), TestScore())
        var failed = 0
        var table = TextTable(["test", "has_effect", "probability", "lift", "low", "high", "naive p"])
        for (number, (line, finding)) in zip(file.lines, findings).enumerated() {
            switch finding {
            case .success(let finding):
                if let label = line.label {
                    ours.add(label: label, hasEffect: finding.hasEffect)
                    naive.add(label: label, hasEffect: finding.naivePValue < 0.05)
                }
                if options.isSet("json") {
                    Terminal.say(finding.json.description)
                } else {
                    let lift = finding.adjustedLift
                    table.add(
                        ["\(number + 1)", finding.hasEffect ? "1" : "0", Figures.significant(finding.posterior.positive, 3)]
                            + [lift?.value, lift?.low, lift?.high].map { $0.map { Figures.percent($0) } ?? "–" }
                            + [finding.naive.hasEnds ? Figures.significant(finding.naivePValue, 3) : "–"])
                }
            case .failure(let error):
                failed += 1
                if let label = line.label { countUnanswered(label, &ours, &naive) }
                if options.isSet("json") { Terminal.say((["error": .string(error.description)] as JSONValue).description) }
                Terminal.complain("gosset check: \(tests), test \(number + 1): \(error)")
            }
        }
        if !options.isSet("json") {
            Terminal.say(table.lines.joined(separator: "\n"))
            if ours.count > 0 {
                Terminal.say("\n  \(ours.text)\n  one-sided t-test at 0.05: \(naive.text)")
            }
        }
        return failed == 0 ? 0 : 1
    }

    /// A test that cannot be answered counts as one without an effect.
    private func countUnanswered(_ label: Int, _ ours: inout TestScore, _ naive: inout TestScore) {
        ours.add(label: label, hasEffect: false)
        naive.add(label: label, hasEffect: false)
    }
}

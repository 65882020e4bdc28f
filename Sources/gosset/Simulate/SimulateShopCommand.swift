import EffectCheck
import Foundation
import Text

/// `gosset simulate shop`: an invented shop and labelled tests in it.
struct SimulateShopCommand: Command {
    let name = "simulate shop"
    let summary = "Invent a shop: its customers, eight weeks of sales, and pilots of which the effect is known."
    let discussion = """
        Writes df_users.csv, df_sales.csv and tests.jsonl. The same seed and flags make the same files.
        Half of the tests have a positive effect; of the others half have none and half a negative one.
        """

    let options: [Option] = [
        Option("out", "DIR", help: "Where the files are put; made if it is not there."),
        Option("users", "N", help: "Customers.", default: "1000000"),
        Option("seed", "S", help: "What the shop is drawn from.", default: "1"),
        Option(
            "shape", "SHAPE",
            help: "How customers behave: \(SimulationPlan.Shape.allCases.map(\.rawValue).joined(separator: ", ")).", default: "regular"),
        Option("tests", "N", help: "Tests.", default: "1000"),
        Option("group-size", "MIN-MAX", help: "Customers in a group.", default: "300-800"),
        Option("lift", "SHARE", help: "The size of a typical effect; if not given, one at which a plain t-test scores two or three."),
        Option(
            "kinds", "KINDS", help: "Kinds of effects: \(SimulationPlan.Kind.allCases.map(\.rawValue).joined(separator: ", ")).",
            default: SimulationPlan.Kind.allCases.map(\.rawValue).joined(separator: ",")),
        Option("unbalanced", "SHARE", help: "Tests whose group B differs in gender and age.", default: "0.33"),
        Option("no-effects", help: "No pilot has an effect."),
    ]

    func run(_ options: Options) async throws -> Int32 {
        let directory = try options.required("out")
        let plan = try plan(options)
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw OutputError(directory, "the directory cannot be made")
        }
        let users = try OutputFile(directory + "/df_users.csv")
        let sales = try OutputFile(directory + "/df_sales.csv")
        let tests = try OutputFile(directory + "/tests.jsonl")
        var simulation = ShopSimulation(plan)
        try simulation.run(users: users.write, sales: sales.write, tests: tests.write)
        Terminal.say(
            "\(directory): \(Figures.count(plan.users)) customers, \(Figures.count(sales.lines - 1)) sales, \(Figures.counted(plan.tests, "test", "tests"))"
        )
        return 0
    }

    private func plan(_ options: Options) throws(UsageError) -> SimulationPlan {
        var plan = SimulationPlan()
        plan.users = try options.integer("users", in: 100...10_000_000)
        plan.seed = UInt64(try options.integer("seed", in: 0...Int.max))
        let shape = try options.choice("shape", of: SimulationPlan.Shape.allCases.map(\.rawValue))
        plan.shape = SimulationPlan.Shape(rawValue: shape) ?? .regular
        plan.tests = try options.integer("tests", in: 1...100_000)
        let size = try options.required("group-size").split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard size.count == 2, let least = size[0], let most = size[1], least >= 2, least <= most, most <= plan.users / 5 else {
            throw UsageError("--group-size must be MIN-MAX, from 2 to a fifth of the customers, as in 300-800")
        }
        plan.groupSize = least...most
        plan.lift = try options.share("lift")
        plan.kinds = try options.required("kinds").split(separator: ",").map { name throws(UsageError) in
            guard let kind = SimulationPlan.Kind(rawValue: String(name)) else { throw UsageError("--kinds: there is no kind '\(name)'") }
            return kind
        }
        guard !plan.kinds.isEmpty else { throw UsageError("--kinds needs at least one kind") }
        guard let unbalanced = try options.number("unbalanced"), (0...1).contains(unbalanced) else {
            throw UsageError("--unbalanced must be from 0 to 1")
        }
        plan.unbalanced = unbalanced
        plan.hasEffects = !options.isSet("no-effects")
        return plan
    }
}

import EffectCheck
import Foundation

// A directory for a test, gone with it.
final class TemporaryFiles: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/gosset-effect-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    // Writes a file and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        let path = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }
}

// An invented shop, read and ready.
struct InventedShop {
    let files: TemporaryFiles
    let checker: EffectChecker
    let tests: TestFile

    init(_ plan: SimulationPlan, rule: DecisionRule = .likelier) throws {
        files = try TemporaryFiles()
        let texts = try InventedShop.texts(plan)
        let users = try files.file("users.csv", texts.users)
        let sales = try files.file("sales.csv", texts.sales)
        checker = try EffectChecker(ShopReader(users: users, sales: sales), rule: rule)
        tests = try TestFile(path: try files.file("tests.jsonl", texts.tests))
    }

    static func texts(_ plan: SimulationPlan) throws -> (users: String, sales: String, tests: String) {
        var (users, sales, tests) = ([UInt8](), [UInt8](), [UInt8]())
        var simulation = ShopSimulation(plan)
        simulation.run(users: { users += $0 }, sales: { sales += $0 }, tests: { tests += $0 })
        return (String(decoding: users, as: UTF8.self), String(decoding: sales, as: UTF8.self), String(decoding: tests, as: UTF8.self))
    }

    static func plan(_ change: (inout SimulationPlan) -> Void = { _ in }) -> SimulationPlan {
        var plan = SimulationPlan()
        plan.users = 30_000
        plan.tests = 100
        plan.groupSize = 80...240
        plan.lift = 0.09
        change(&plan)
        return plan
    }
}
